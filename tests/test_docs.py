"""The documents say what is so."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from cli.main import COMMANDS
from retrieval.alike.body import DuplicatesBody, GroupBody, MemberBody
from retrieval.encoders.builtin import FOLDER, BuiltinEncoder
from retrieval.explain.body import ExplanationBody, RegionsBody, SpanBody
from retrieval.request import parse_search
from retrieval.wire import AnswerBody, HitBody
from webui.reference.operations import OPERATIONS, REFUSALS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
API = (ROOT / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^triptych (.+?)(?:\s{2,}#.*)?$", README, re.MULTILINE)


@pytest.mark.parametrize("line", EXAMPLES)
def test_the_readme_s_commands_parse(line: str, tmp_path: Path) -> None:
    name, *arguments = shlex.split(line)
    command: click.Command = importlib.import_module(f"cli.{name}").command
    # A file that the example invents is replaced by one that exists.
    arguments = [re.sub(r"^(~/\w+|\S+\.(jpg|m4a|jsonl))$", __file__, a) for a in arguments]
    arguments = [re.sub(r"^photos/$", str(tmp_path), a) for a in arguments]
    if "--library" in arguments:
        arguments[arguments.index("--library") + 1] = str(tmp_path)
    command.make_context(name, arguments)


def test_the_readme_names_every_command() -> None:
    assert {line.split()[0] for line in EXAMPLES} == set(COMMANDS)


def test_the_readme_s_links_and_folders_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"^\| `(\w+/)` ", README, re.M)
    assert len(links) > 8
    for link in links:
        assert link.startswith("https://") or (ROOT / link).exists(), link


BODIES = (HitBody, AnswerBody, ExplanationBody, RegionsBody, SpanBody, DuplicatesBody, GroupBody)


@pytest.mark.parametrize("body", [*BODIES, MemberBody])
def test_the_api_document_names_every_field(body: type[BaseModel]) -> None:
    for field in body.model_fields:
        assert f"`{field}`" in API, field


def test_the_api_document_names_every_status_it_refuses_with() -> None:
    errors = API.partition("## Errors")[2]
    named = {int(status) for status in re.findall(r"\b[45]\d\d\b", errors)}
    assert {status for o in OPERATIONS.values() for status in o.refusals} <= named
    assert named == REFUSALS.keys()


def test_the_api_document_s_request_is_valid() -> None:
    [request] = re.findall(r"```json\n(\{\n  \"terms\".+?)```", API, re.DOTALL)
    assert len(parse_search(request).terms) == 4


def test_the_steps_that_make_the_built_in_encoder_exist() -> None:
    steps = re.findall(r"^python -m (\S+)", (ROOT / "docs" / "encoder.md").read_text("utf-8"), re.M)
    assert len(steps) > 6
    for step in steps:
        assert (ROOT / f"{step.replace('.', '/')}.py").exists(), step


def test_the_list_of_training_s_files_is_whole() -> None:
    said = (ROOT / "training" / "README.md").read_text("utf-8")
    for file in (ROOT / "training").glob("[!_]*"):
        if file.suffix in (".py", ".toml"):
            assert file.name in said, file


def test_the_model_card_is_of_the_shipped_revision() -> None:
    card = (FOLDER / "MODEL_CARD.md").read_text("utf-8")
    assert card.startswith(f"# The built-in dual encoder, revision {BuiltinEncoder().revision}\n")
