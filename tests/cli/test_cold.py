"""A search from the command line loads what it needs and nothing else: see docs/performance.md."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from indexer.run import index
from retrieval.ahead import begin_words
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.library import CATALOG, Library
from retrieval.media import Query, TextTerm
from tests.fakes import FakeEncoder

NEVER = {
    "PIL",
    "alembic",
    "av",
    "faiss",
    "faster_whisper",
    "filelock",
    "flask",
    "jinja2",
    "lxml",
    "numpy.random",
    "open_clip",
    "pydantic",
    "pydantic_settings",
    "pypdfium2",
    "retrieval.alike.duplicates",
    "retrieval.catalog.writer",
    "retrieval.environment",
    "retrieval.explain",
    "retrieval.info",
    "retrieval.speech",
    "retrieval.wire",
    "rich",
    "sqlalchemy.orm",
    "torch",
    "webui",
}
ENCODING = {"onnxruntime", "tokenizers"}

PROGRAM = """
import json, sys
from cli.main import run
try:
    run(sys.argv[1:], prog_name="triptych")
finally:
    print(json.dumps(list(sys.modules)))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    media, path = tmp_path_factory.mktemp("media"), tmp_path_factory.mktemp("library")
    for colour in ("red", "blue"):
        Image.new("RGB", (40, 30), colour).save(media / f"{colour}.png")
    with Library.open(path, BuiltinEncoder()) as opened:
        index(opened, [media])
    return path


def imported(*arguments: str) -> set[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TRIPTYCH_")}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    *hits, modules = result.stdout.splitlines()
    assert len(hits) == 2, result.stderr
    return set(json.loads(modules))


def test_a_search_in_words_imports_only_what_it_needs(library: Path) -> None:
    modules = imported("search", "red", "--all", "--library", str(library))
    assert modules >= ENCODING
    assert not modules & NEVER


def test_a_query_that_only_restricts_opens_no_encoder(library: Path) -> None:
    modules = imported("search", "kind:image after:2020", "--library", str(library))
    assert not modules & (NEVER | ENCODING)


def test_an_encoder_begun_ahead_is_the_one_that_answers(library: Path) -> None:
    encoder = begin_words(library)
    assert isinstance(encoder, BuiltinEncoder)
    with Library.open_existing(library, encoder) as opened:
        assert opened.encoder is encoder
        assert opened.search(Query((TextTerm("red"),))).total == 2


def test_nothing_is_begun_for_the_library_of_another_encoder(tmp_path: Path) -> None:
    Library.open(tmp_path, FakeEncoder()).close()
    assert begin_words(tmp_path) is None


def test_what_is_no_library_is_left_to_whoever_opens_it(tmp_path: Path) -> None:
    assert begin_words(tmp_path / "nowhere") is None
    (tmp_path / CATALOG).write_bytes(b"no catalog at all, but long enough to be read as one" * 9)
    assert begin_words(tmp_path) is None
    (tmp_path / CATALOG).unlink()
    with closing(sqlite3.connect(tmp_path / CATALOG)) as database:
        database.execute("CREATE TABLE library (encoder_name)")
    assert begin_words(tmp_path) is None
