"""All that the server says has its Chinese, and that is known again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core._pydantic_core import list_all_errors
from werkzeug import exceptions

import indexer
import retrieval
import webui
from retrieval import errors
from tests.webui.test_translation import CHINESE_LETTER
from webui.chinese import CHINESE
from webui.chinese.borrowed import BORROWED
from webui.translation import FIELD, SAYING, TEMPLATES, Template, translate

PACKAGES = [Path(package.__file__ or "").parent for package in (retrieval, indexer, webui)]
AT_THE_COMMAND_LINE = (
    *("training/", "evaluation/", "openclip/directory", "openclip/hub", "openclip/named"),
    *("openclip/tokenizer", "encoders/adapted", "encoders/registry", "encoders/networks"),
    *("environment", "retrieval/forgetting", "retrieval/alike", "indexer/watch", "indexer/run"),
    *("webui/serve", "webui/token", "webui/client"),
)
"""Modules whose errors are told before a server runs, or by other commands."""
RAISED = {name for module in (errors, exceptions) for name in vars(module)} | {"ChangedMeanwhile"}
VALUE = "X1"


def words_of(node: ast.AST) -> str:
    """Read a string, with a value for everything that is put into it; nothing if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (v.value if isinstance(v, ast.Constant) else VALUE for v in node.values)
        return "".join(map(str, parts))
    return ""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for file in sorted(package.rglob("*.py")):
            name = file.relative_to(package.parent).as_posix()
            if not name.startswith("webui/chinese/"):
                yield name, ast.parse(file.read_text("utf-8"))


def messages() -> Iterator[str]:
    """Find what errors and runs say that a page may show."""
    for name, tree in modules():
        if any(part in name for part in AT_THE_COMMAND_LINE):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and is_said(ast.unparse(node.func)):
                yield words_of(node.args[0])


def is_said(function: str) -> bool:
    return function in RAISED or function.endswith("progress.note")


def fill(template: str, *values: str) -> str:
    """Put values into a template, each in turn and the first again."""
    put = cycle(values or [VALUE])
    return FIELD.sub(lambda _: next(put), template)


@pytest.mark.parametrize("said", sorted({words for words in messages() if words}))
def test_every_message_has_its_chinese(said: str) -> None:
    about_values_only = not re.search("[a-z]", said.replace(VALUE, ""))
    assert about_values_only or CHINESE_LETTER.search(translate(said, "zh")), said


def test_no_chinese_is_left_over() -> None:
    read = [words_of(node) for _, tree in modules() for node in ast.walk(tree)]
    lent = [str(kind) for kind in list_all_errors()]
    general = [kind.description or "" for kind in exceptions.default_exceptions.values()]
    corpus = "\n".join([*read, *lent, *general])
    parts = {template: FIELD.split(template)[::2] for template in CHINESE.keys() - BORROWED}
    unsaid = [
        t for t, pieces in parts.items() if not all(piece.strip(": ") in corpus for piece in pieces)
    ]
    # Its advice stands apart in the code.
    assert [t for t in unsaid if not t.startswith("takes longer than")] == []


def test_chinese_names_nothing_that_the_english_does_not() -> None:
    for english, chinese in CHINESE.items():
        assert set(FIELD.findall(chinese)) <= set(FIELD.findall(english)), english


@pytest.mark.parametrize("english", CHINESE)
def test_a_message_is_taken_for_no_other(english: str) -> None:
    [first, *_] = [one for one in TEMPLATES if one.values_in(fill(english)) is not None]
    assert first.chinese == CHINESE[english]


@given(
    st.lists(st.text(), min_size=8, max_size=8),
    st.sampled_from(list(zip(CHINESE, TEMPLATES, strict=True))),
)
def test_a_template_knows_what_was_put_into_it(
    values: list[str], one: tuple[str, Template]
) -> None:
    english, template = one
    words = fill(english, *values)
    known = template.values_in(words)
    if known is None:
        assert not template.pieces[0], "only a beginning that is no message of ours"
        assert ": " in words
    else:
        pieces = zip(template.pieces[1:], known.values(), strict=True)
        assert template.pieces[0] + "".join(v + p for p, v in pieces) == words


@given(st.text().filter(lambda value: ": " not in value), st.sampled_from(sorted(CHINESE)))
def test_what_is_put_in_comes_through(value: str, english: str) -> None:
    told = [name for name in FIELD.findall(CHINESE[english]) if name not in SAYING]
    said = translate(fill(english, value), "zh")
    assert not told or value in said
    assert translate(fill(english, value), "en") == fill(english, value)
