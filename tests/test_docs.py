"""The documents say what is so."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS
from retrieval.wire import AnswerBody, HitBody, parse_search

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


@pytest.mark.parametrize("body", [HitBody, AnswerBody])
def test_the_api_document_names_every_field(body: type[HitBody | AnswerBody]) -> None:
    for field in body.model_fields:
        assert f"`{field}`" in API, field


def test_the_api_document_s_request_is_valid() -> None:
    [request] = re.findall(r"```json\n(\{\n  \"terms\".+?)```", API, re.DOTALL)
    import json

    assert len(parse_search(json.loads(request)).terms) == 4
