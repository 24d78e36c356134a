"""Roots that are renamed go on under their new names; disks that are gone keep their places."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from indexer import renames
from indexer.report import Report
from indexer.run import index, update
from retrieval.catalog.records import Root
from retrieval.library import Library
from retrieval.media import Query, TextTerm
from retrieval.roots import Offline
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint

FILES = 12


@pytest.fixture
def old(library: Library, tmp_path: Path) -> Path:
    """Index a dozen pictures, a broken one, and a sidecar that cannot be read."""
    for number in range(FILES):
        paint(tmp_path / f"Pictures/trip/{number}.png", (20 * number, 0, 0))
    (tmp_path / "Pictures/torn.png").write_bytes(b"torn")
    (tmp_path / "Pictures/trip/0.xmp").write_text("<no XML")
    index(library, [tmp_path / "Pictures"])
    return tmp_path / "Pictures"


@pytest.fixture
def new(old: Path) -> Path:
    return old.with_name("Photos")


def ids(library: Library) -> dict[str, int]:
    hits = library.search(Query((TextTerm("red"),), k=50, fold=False)).hits
    return {hit.item.path: hit.item.id for hit in hits}


def test_a_renamed_root_goes_on_and_nothing_is_opened(
    library: Library, old: Path, new: Path, encoder: FakeEncoder
) -> None:
    before = ids(library)
    old.rename(new)
    assert index(library, [new]) == Report(unchanged=FILES + 1)
    assert [root.path for root in library.info().roots] == [new]
    assert library.info().offline == () and ids(library) == before
    assert {Path(failure.path).parent for failure in library.info().failures} == {new, new / "trip"}
    assert encoder.images_encoded == FILES
    assert update(library) == Report(unchanged=FILES + 1)


def test_a_few_files_may_have_changed_since(library: Library, old: Path, new: Path) -> None:
    old.rename(new)
    (new / "trip/3.png").unlink()
    paint(new / "more.png", "blue")
    report = index(library, [new])
    assert (report.added, report.unchanged, report.removed) == (1, FILES, 1)
    assert library.info().offline == ()


def test_a_copy_beside_a_root_that_is_gone_is_another_root(
    library: Library, old: Path, new: Path
) -> None:
    shutil.copytree(old, new, copy_function=shutil.copyfile)
    shutil.rmtree(old)
    assert index(library, [new]).reused == FILES
    assert library.info().offline == (Offline(old, FILES),)


def test_an_empty_folder_that_is_left_keeps_the_place_of_its_disk(
    library: Library, old: Path, new: Path
) -> None:
    old.rename(new)
    old.mkdir()
    assert index(library, [new]).reused == FILES
    assert library.info().offline == (Offline(old, FILES),)


@pytest.mark.parametrize("another", ["Photos", "library"])
def test_a_folder_on_another_disk_than_the_library_was_never_called_otherwise(
    library: Library, old: Path, new: Path, another: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a copy on a disk that came in the place of one that is only unplugged."""
    old.rename(new)

    def find() -> Root | None:
        known, writer = library.catalog.roots(), library.catalog.writer()
        return renames.find_renamed(new, known, writer, library.path)

    stat = os.stat

    def on_another_disk(path: Path, **options: bool) -> os.stat_result:
        found = stat(path, **options)
        fields = list(found)
        fields[2] += Path(path).name == another
        return os.stat_result(fields)

    with monkeypatch.context() as patch:
        patch.setattr(renames.os, "stat", on_another_disk)
        assert find() is None
    assert find() is not None


def test_a_root_that_moved_to_another_folder_is_kept_at_its_old_place(
    library: Library, old: Path, encoder: FakeEncoder
) -> None:
    moved = old.parent / "archive" / "Pictures"
    moved.parent.mkdir()
    old.rename(moved)
    assert index(library, [moved]).reused == FILES
    assert encoder.images_encoded == FILES
    assert library.info().offline == (Offline(old, FILES),)


def test_a_folder_with_other_files_is_another_root(library: Library, old: Path, new: Path) -> None:
    shutil.rmtree(old)
    paint(new / "trip/0.png", "blue")
    assert index(library, [new]).added == 1
    assert library.info().offline == (Offline(old, FILES),)


def test_what_is_beside_a_root_that_is_there_is_another_root(
    library: Library, old: Path, new: Path
) -> None:
    shutil.copytree(old, new)
    assert index(library, [new]).reused == FILES
    assert len(library.info().roots) == 2 and library.info().offline == ()
