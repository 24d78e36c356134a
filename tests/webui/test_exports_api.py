"""The library as files, over HTTP and from the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import insert

from cli.export import NAMES, command
from indexer.run import index
from retrieval.captioning import caption
from retrieval.catalog.tables import CONTENTS, ITEMS, ROOTS
from retrieval.export import FORMS, PIECE, export
from retrieval.forgetting import forget
from retrieval.library import Library
from retrieval.wire import ItemBody
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint
from tests.webui.conftest import app_of
from webui import exports


def lines(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(f"/api/v1/export/{name}").text.split("\n")[:-1]]


def test_each_file_is_a_line(client: FlaskClient, ids: dict[str, int]) -> None:
    items = lines(client, "items.jsonl")
    assert {Path(item["path"]).name: item["item"] for item in items} == ids
    assert items[0].keys() == ItemBody.model_fields.keys() - {"thumbnail", "media"}
    table = client.get("/api/v1/export/items.csv")
    assert table.mimetype == "text/csv"
    disposition = table.headers["Content-Disposition"]
    assert disposition == "attachment; filename=triptych-items.csv"
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"), newline="")))
    assert [row["path"] for row in rows] == [item["path"] for item in items]
    assert [row["width"] for row in rows] == [str(item["width"] or "") for item in items]


def test_a_vector_belongs_to_each_passage(client: FlaskClient, library: Library) -> None:
    passages = lines(client, "passages.jsonl")
    vectors = np.load(io.BytesIO(client.get("/api/v1/export/vectors.npy").data))
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(passages), library.binding.dim)
    numbers = np.array([passage["passage"] for passage in passages])
    assert all(a < b for a, b in pairwise(numbers))
    assert np.array_equal(vectors, library.vectors.vectors_of(numbers))
    for passage in passages:
        own = dict(library.passages(library.item(passage["item"])))[passage["passage"]]
        assert (passage["kind"], passage["text"]) == (own.kind, own.text)


@pytest.fixture
def captioned(tmp_path: Path) -> Iterator[Library]:
    paint(tmp_path / "media/a.png")
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        index(library, [tmp_path / "media"])
        yield library


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", '=a\n"b"', "＝1+1", "＠SUM(1)"])
def test_a_table_holds_no_formulas(captioned: Library, said: str) -> None:
    caption(captioned, 1, said)
    text = b"".join(FORMS["items.csv"].pieces(captioned)).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["caption"] == f"'{said}"
    line = b"".join(FORMS["items.jsonl"].pieces(captioned))
    assert json.loads(line)["caption"] == said


def test_what_is_written_meanwhile_is_not_seen(captioned: Library) -> None:
    with captioned.catalog.snapshot() as snapshot:
        before = snapshot.count_passages()
        caption(captioned, 1, "More words")
        assert len(list(snapshot.vectors())) == len(list(snapshot.passages())) == before
    with captioned.catalog.snapshot() as snapshot:
        assert snapshot.count_passages() == before + 1


def test_what_is_gone_is_left_out(captioned: Library, tmp_path: Path) -> None:
    paint(tmp_path / "media/b.png", "blue")
    (tmp_path / "media/a.png").unlink()
    index(captioned, [tmp_path / "media"])
    written = {name: b"".join(form.pieces(captioned)) for name, form in FORMS.items()}
    assert [written[name].count(b"\n") for name in ("items.jsonl", "passages.jsonl")] == [1, 1]
    assert b"b.png" in written["items.jsonl"]
    assert np.load(io.BytesIO(written["vectors.npy"])).shape == (1, captioned.binding.dim)


def test_of_an_empty_library_there_is_an_empty_array(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        data = b"".join(FORMS["vectors.npy"].pieces(library))
        assert np.load(io.BytesIO(data)).shape == (0, library.binding.dim)


def test_many_files_take_no_more_memory_than_few(captioned: Library) -> None:
    fill(captioned, 0, 2_000)
    few = peak_of(captioned)
    fill(captioned, 2_000, 8_000)
    assert peak_of(captioned) < 1.5 * few


def peak_of(library: Library) -> int:
    tracemalloc.start()
    assert sum(map(len, FORMS["items.csv"].pieces(library)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def fill(library: Library, first: int, last: int) -> None:
    """Let a library know many files that are nowhere."""
    blank = {"kind": "text", "mime": "text/plain", "size": 1, "camera": "", "language": ""}
    contents = [{**blank, "hash": f"{i:064}", "title": "A long title"} for i in range(first, last)]
    with library.catalog._engine.begin() as connection:
        made = insert(CONTENTS).returning(CONTENTS.c.id)
        ids = connection.scalars(made, contents).all()
        root = connection.scalars(ROOTS.select()).first()
        state = {"root_id": root, "size": 1, "mtime_ns": 0, "missing": False, "beside": 0}
        items = [{**state, "path": f"{i}.txt", "content_id": i} for i in ids]
        connection.execute(insert(ITEMS), items)


@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("photos.CSV", [], "items.csv"),
        ("photos.jsonl", [], "items.jsonl"),
        ("passages.jsonl", [], "passages.jsonl"),
        ("mine.npy", [], "vectors.npy"),
        ("mine", ["--form", "passages.jsonl"], "passages.jsonl"),
    ],
)
def test_the_command_writes_what_the_file_s_name_says(
    captioned: Library, tmp_path: Path, name: str, options: list[str], form: str
) -> None:
    run(captioned, tmp_path / name, *options)
    assert (tmp_path / name).read_bytes() == b"".join(FORMS[form].pieces(captioned))


def run(library: Library, file: Path, *options: str, status: int = 0) -> str:
    arguments = [str(file), *options, "--library", str(library.path)]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == status, result.output
    return result.output


def test_a_name_that_says_nothing_is_refused(captioned: Library, tmp_path: Path) -> None:
    assert "--form" in run(captioned, tmp_path / "mine.txt", status=2)
    assert not (tmp_path / "mine.txt").exists()


def test_the_command_knows_every_form() -> None:
    assert tuple(FORMS) == NAMES


def test_a_file_that_cannot_be_written_is_told(captioned: Library, tmp_path: Path) -> None:
    from retrieval.errors import LibraryError

    with pytest.raises(LibraryError, match="cannot be written"):
        export(captioned, FORMS["items.csv"], tmp_path / "nowhere" / "items.csv")


def test_whoever_reads_slowly_holds_up_nobody(captioned: Library, tmp_path: Path) -> None:
    fill(captioned, 0, 1_000)
    with FlaskClient(app_of(captioned)).get("/api/v1/export/items.jsonl") as reply:
        assert int(reply.headers["Content-Length"]) > PIECE
        forget(captioned, [tmp_path / "media"])  # would say so if an old state were being read
        assert len(reply.data.splitlines()) == 1_001


def test_only_some_are_written_at_once(client: FlaskClient) -> None:
    held = [exports.WRITING.acquire(blocking=False) for _ in range(exports.AT_ONCE)]
    try:
        reply = client.get("/api/v1/export/items.csv")
        assert all(held) and reply.status_code == 503
        assert "exported" in reply.json["error"] and int(reply.headers["Retry-After"]) > 0
    finally:
        for _ in held:
            exports.WRITING.release()
    assert client.get("/api/v1/export/items.csv").status_code == 200


def test_a_link_stays_one_and_a_pipe_is_written_to(captioned: Library, tmp_path: Path) -> None:
    link, file, pipe = tmp_path / "link", tmp_path / "file", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    for place in (link, pipe):
        export(captioned, FORMS["items.jsonl"], place)
    assert link.is_symlink() and json.loads(file.read_bytes())["item"] == 1
    assert os.read(reading, 1 << 16) == file.read_bytes() and pipe.is_fifo()
    os.close(reading)
