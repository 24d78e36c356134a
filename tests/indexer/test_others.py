"""Files that are no media are opened once, and known to nobody but the next run."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from errno import EACCES
from pathlib import Path

import pytest

from indexer import pipeline, survey
from indexer.report import Report
from indexer.run import index
from indexer.sniff import judge
from retrieval.errors import NotFound
from retrieval.forgetting import forget
from retrieval.library import CATALOG, Library
from tests.indexer.conftest import paint

Run = Callable[[], Report]


@pytest.fixture
def shelf(media: Path, run: Run) -> Path:
    paint(media / "a.png")
    for name in ("b.zip", "private/c.bin", "private/d.xmp"):
        (media / name).parent.mkdir(exist_ok=True)
        (media / name).write_bytes(bytes(100))
    run()
    return media


def others(library: Library) -> list[str]:
    with closing(sqlite3.connect(library.path / CATALOG)) as connection:
        return [path for (path,) in connection.execute("SELECT path FROM others ORDER BY path")]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    examine = pipeline.Reader.examine

    def note(reader: pipeline.Reader, found: pipeline.FoundFile) -> object:
        names.append(found.path)
        return examine(reader, found)

    monkeypatch.setattr(pipeline.Reader, "examine", note)
    return names


def test_they_are_neither_items_nor_failures_and_not_looked_at_again(
    library: Library, shelf: Path, run: Run, looked_at: list[str]
) -> None:
    assert others(library) == ["b.zip", "private/c.bin", "private/d.xmp"]
    assert run() == Report(unchanged=1) and looked_at == []
    assert library.info().items == 1 and library.info().failures == ()


def test_one_that_changes_is_looked_at_and_may_become_an_item(
    library: Library, shelf: Path, run: Run, looked_at: list[str]
) -> None:
    paint(shelf / "new.png", "blue").rename(shelf / "b.zip")
    assert run() == Report(added=1, unchanged=1) and looked_at == ["b.zip"]
    assert others(library) == ["private/c.bin", "private/d.xmp"]
    (shelf / "b.zip").write_bytes(bytes(50))
    assert run() == Report(unchanged=1, removed=1)
    assert others(library)[0] == "b.zip" and library.info().items == 1


def test_those_in_a_folder_that_cannot_be_listed_are_remembered(
    library: Library, shelf: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(place: Path) -> object:
        if Path(place) == shelf / "private":
            raise PermissionError(EACCES, os.strerror(EACCES))
        return scandir(place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert len(run().failures) == 1
    assert others(library) == ["b.zip", "private/c.bin", "private/d.xmp"]


def test_one_that_is_gone_is_not_remembered(library: Library, shelf: Path, run: Run) -> None:
    (shelf / "b.zip").unlink()
    assert run() == Report(unchanged=1)
    assert others(library) == ["private/c.bin", "private/d.xmp"]


def test_a_program_that_reads_more_looks_again(
    library: Library,
    shelf: Path,
    run: Run,
    looked_at: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (pipeline, survey):
        monkeypatch.setattr(module, "judge", lambda: "another")
    assert run() == Report(unchanged=1) and looked_at == others(library)
    assert run() == Report(unchanged=1) and len(looked_at) == 3
    assert judge() == judge() and len(judge()) == 16


def test_one_that_becomes_a_sidecar_is_one(library: Library, shelf: Path, run: Run) -> None:
    paint(shelf / "private/d.jpg", "blue")
    report = run()
    assert report.added == 1 and len(report.failures) == 1, "its bytes are no XMP"
    assert others(library) == ["b.zip", "private/c.bin"]


def test_their_names_are_forgotten_with_their_folder(library: Library, shelf: Path) -> None:
    paint(shelf / "private/e.png", "blue")
    index(library, [shelf])
    forget(library, [shelf / "private"])
    assert others(library) == ["b.zip"]
    with pytest.raises(NotFound):
        forget(library, [shelf / "b.zip"])
    forget(library, [shelf])
    assert others(library) == []


def test_a_root_around_their_root_takes_them_in(
    library: Library, shelf: Path, tmp_path: Path, looked_at: list[str]
) -> None:
    (tmp_path / "others.zip").write_bytes(b"no media")
    index(library, [tmp_path])
    assert looked_at == ["others.zip"]
    assert others(library)[0] == "media/b.zip"
