"""What the server says is said in the reader's language, and nothing of it is missing."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core._pydantic_core import list_all_errors
from werkzeug import exceptions

import indexer
import retrieval
import webui
from indexer.run import index
from retrieval import errors
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.indexer.conftest import paint
from tests.webui.conftest import Client
from webui.app import create_app
from webui.chinese import CHINESE
from webui.chinese.borrowed import BORROWED
from webui.translation import COOKIE, FIELD, KNOWN, SAYING, translate

PACKAGES = [Path(package.__file__ or "").parent for package in (retrieval, indexer, webui)]
AT_THE_COMMAND_LINE = (
    *("training/", "evaluation/", "encoders/openclip/", "encoders/adapted", "encoders/registry"),
    *("encoders/networks", "environment", "retrieval/forgetting", "indexer/watch", "indexer/run"),
    *("webui/serve", "webui/token", "webui/client"),
)
"""Modules whose errors are told before a server runs, or by other commands."""
RAISED = {name for module in (errors, exceptions) for name in vars(module)} | {"ChangedMeanwhile"}
CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")
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


def messages() -> Iterator[tuple[str, str]]:
    """Find what errors say that a page may show, with the module."""
    for name, tree in modules():
        if any(part in name for part in AT_THE_COMMAND_LINE):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in RAISED and node.args:
                yield name, words_of(node.args[0])


def fill(template: str, value: str = VALUE) -> str:
    return FIELD.sub(lambda _: value, template)


@pytest.mark.parametrize("said", sorted({words for _, words in messages() if words}))
def test_every_message_has_its_chinese(said: str) -> None:
    about_values_only = not re.search("[a-z]", said.replace(VALUE, ""))
    assert about_values_only or CHINESE_LETTER.search(translate(said, "zh")), said


def test_no_chinese_is_left_over() -> None:
    read = [words_of(node) for _, tree in modules() for node in ast.walk(tree)]
    lent = [kind["message_template_python"] for kind in list_all_errors()]
    general = [kind.description or "" for kind in exceptions.default_exceptions.values()]
    corpus = "\n".join([*read, *lent, *general])
    parts = {template: FIELD.split(template)[::2] for template in CHINESE.keys() - BORROWED}
    unsaid = [t for t, pieces in parts.items() if not all(piece in corpus for piece in pieces)]
    # Its advice stands apart in the code.
    assert [t for t in unsaid if not t.startswith("takes longer than")] == []


def test_chinese_names_nothing_that_the_english_does_not() -> None:
    for english, chinese in CHINESE.items():
        assert set(FIELD.findall(chinese)) <= set(FIELD.findall(english)), english


def test_a_message_is_taken_for_no_other() -> None:
    for english in CHINESE:
        [first, *_] = [pattern for pattern, _ in KNOWN if pattern.fullmatch(fill(english))]
        assert FIELD.sub(r"(?P<\1>.*?)", english) == re.sub(r"\\(.)", r"\1", first.pattern)


@given(st.text(), st.sampled_from(sorted(CHINESE)))
def test_what_is_put_in_comes_through(value: str, english: str) -> None:
    told = [name for name in FIELD.findall(CHINESE[english]) if name not in SAYING]
    said = translate(fill(english, value), "zh")
    assert not told or value in said
    assert translate(fill(english, value), "en") == fill(english, value)


def test_the_file_or_field_before_a_message_stays() -> None:
    said = translate("a: b/c.jpg: cannot be read: Permission denied", "zh")
    assert said == "a: b/c.jpg: 无法读取：没有权限"
    assert translate("k: Input should be a valid integer", "zh") == "k: 这里应当是整数"
    assert translate("words of another library", "zh") == "words of another library"


@pytest.fixture
def client(app: Flask) -> Client:
    found = app.test_client()
    assert isinstance(found, Client)
    return found


@pytest.mark.parametrize(
    ("accepted", "chosen", "chinese"),
    [
        ("", "", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", True),
        ("en-US,en;q=0.9,zh;q=0.5", "", False),
        ("fr,zh-TW;q=0.4", "", True),
        ("fr,zh;q=0", "", False),
        ("zh", "en", False),
        ("en", "zh", True),
        ("zh", "xx", True),
    ],
)
def test_the_reader_is_told_in_their_language(
    client: Client, accepted: str, chosen: str, chinese: bool
) -> None:
    if chosen:
        client.set_cookie(COOKIE, chosen)
    reply = client.get("/api/v1/items/999999", headers={"Accept-Language": accepted})
    said = reply.get_json()["error"]
    assert said == (
        "资料库中没有条目 999999。" if chinese else "There is no item 999999 in this library."
    )
    assert {"Accept-Language", "Cookie"} <= set(reply.vary)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"q": ["x"] * 40},
        {"q": "red", "k": 0},
        {"q": "red", "k": 10**6},
        {"q": "red", "k": "many"},
        {"q": "red", "k": True},
        {"q": 5},
        {"q": "red", "colour": "blue"},
        {"q": "red", "exact": "perhaps"},
        {"q": "red", "filters": {"after": "soon"}},
        {"q": "red", "filters": {"kinds": ["smell"]}},
        {"q": "red", "filters": []},
        {"q": "red", "phrases": [{"words": ""}]},
        {"terms": [{"smell": "red"}]},
        {"terms": [{"text": "red", "weight": 1e9}]},
        {"terms": [{"text": "red"}, {"text": "red", "weight": -1}]},
        {"terms": [{"vector": [0.0] * 64}]},
        {"terms": [{"vector": [1.0, 2.0]}]},
        {"terms": [{"image": "%%%"}]},
        {"terms": [{"image": "AAAA"}]},
        {"terms": [{"audio": "AAAA"}]},
        {"terms": [{"item": 999999}]},
    ],
    ids=str,
)
def test_what_is_amiss_with_a_query_is_said_in_chinese(
    client: Client, body: dict[str, Any]
) -> None:
    asked = {"headers": {"Accept-Language": "zh"}, "json": body}
    reply = client.post("/api/v1/search", **asked)
    assert reply.status_code >= 400
    for said in reply.get_json()["errors"]:
        assert CHINESE_LETTER.search(said), said


CUT = ("photo.jpg", "photo.png", "photo.gif", "photo.webp", "photo.tif", "photo.bmp")
DAMAGED = {
    "page.pdf": b"%PDF-1.4\n garbage",
    "letter.docx": b"PK\x03\x04" + bytes(99),
    "song.mp3": b"ID3\x04" + bytes(99),
    "talk.ogg": b"OggS" + bytes(99),
    "notes.txt": bytes(range(256)),
    "empty.png": b"",
    "odd.jpg": b"words",
}


def test_why_files_could_not_be_read_is_said_in_chinese(tmp_path: Path) -> None:
    for name in CUT:
        paint(tmp_path / name)
        os.truncate(tmp_path / name, (tmp_path / name).stat().st_size * 3 // 4)
    for name, data in DAMAGED.items():
        (tmp_path / name).write_bytes(data)
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [tmp_path], transcriber=FakeTranscriber())
        ours = create_app(library).test_client()
        told = ours.get("/api/v1/stats", headers={"Accept-Language": "zh"}).get_json()["failures"]
        assert {Path(one["path"]).name for one in told} >= DAMAGED.keys()
        for one in told:
            assert not re.search("(?<![.a-z])[a-z]{3}", one["reason"]), one
        for one in ours.get("/api/v1/stats").get_json()["failures"]:
            assert not CHINESE_LETTER.search(one["reason"])
