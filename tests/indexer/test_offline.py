"""Roots that cannot be reached: whatever is known of them is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.report import Report
from indexer.run import index, update
from retrieval.library import Library
from retrieval.media import Query, TextTerm
from retrieval.roots import Offline
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint


@pytest.fixture
def share(library: Library, tmp_path: Path) -> Path:
    """Index a share with two pictures."""
    paint(tmp_path / "mnt/nas/red.png", "red")
    paint(tmp_path / "mnt/nas/trip/blue.png", "blue")
    index(library, [tmp_path / "mnt/nas"])
    return tmp_path / "mnt/nas"


def unplug(share: Path, empty: bool) -> None:
    share.rename(share.parents[1] / "unplugged")
    if empty:
        share.mkdir()


def plug_in(share: Path) -> None:
    shutil.rmtree(share, ignore_errors=True)
    (share.parents[1] / "unplugged").rename(share)


@pytest.mark.parametrize("empty", [False, True])
def test_an_offline_root_keeps_its_items_its_thumbnails_and_its_answers(
    library: Library, share: Path, encoder: FakeEncoder, empty: bool
) -> None:
    unplug(share, empty)
    assert update(library) == Report(offline=(Offline(share, 2),))
    assert library.info().offline == (Offline(share, 2),) and library.info().items == 2
    hit = library.search(Query((TextTerm("red"),))).hits[0]
    thumbnail = library.thumbnails.find(hit.item.content.hash)
    assert hit.item.path == "red.png" and thumbnail is not None
    plug_in(share)
    assert update(library) == Report(unchanged=2)
    assert library.info().offline == () and encoder.images_encoded == 2


def test_an_empty_mount_point_that_is_named_is_offline_as_well(
    library: Library, share: Path
) -> None:
    unplug(share, empty=True)
    assert index(library, [share]) == Report(offline=(Offline(share, 2),))


def test_a_folder_below_a_mount_point_that_came_up_empty_is_offline(
    library: Library, share: Path
) -> None:
    unplug(share, empty=True)
    (share / "trip").mkdir()
    assert index(library, [share / "trip"]).removed == 1, "the root has something in it"
    (share / "trip").rmdir()
    assert index(library, [share]) == Report(offline=(Offline(share, 1),))


def test_the_other_roots_are_brought_up_to_date(
    library: Library, share: Path, tmp_path: Path
) -> None:
    paint(tmp_path / "here/white.png", "white")
    index(library, [tmp_path / "here"])
    paint(tmp_path / "here/black.png", "black")
    (tmp_path / "here/white.png").unlink()
    unplug(share, empty=False)
    assert update(library) == Report(added=1, removed=1, offline=(Offline(share, 2),))


def test_a_root_that_was_always_empty_is_not_offline(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert index(library, [tmp_path / "empty"]) == Report()
    assert update(library) == Report() and library.info().offline == ()
    (tmp_path / "empty").rmdir()
    assert library.info().offline == (Offline(tmp_path / "empty", 0),)


def test_a_root_around_an_offline_root_takes_it_in_once_it_is_back(
    library: Library, share: Path, encoder: FakeEncoder
) -> None:
    unplug(share, empty=True)
    paint(share.parent / "usb/white.png", "white")
    report = index(library, [share.parent])
    assert (report.added, report.removed, report.offline) == (1, 0, ())
    assert library.info().items == 3 and library.info().offline == (Offline(share, 2),)
    plug_in(share)
    assert index(library, [share.parent]) == Report(unchanged=3)
    assert [root.path for root in library.info().roots] == [share.parent]
    assert encoder.images_encoded == 3


def test_a_share_that_came_up_during_a_walk_has_each_file_once(
    library: Library, share: Path
) -> None:
    unplug(share, empty=True)
    with library.write() as writer:
        outer = writer.root(share.parent, apart=[share])
    plug_in(share)
    with library.write() as writer:
        for path in ("nas/red.png", "nas/other.png"):
            writer.fail(outer, found(share.parent, "nas/red.png", path), "torn")
    report = index(library, [share.parent])
    assert (report.added, report.unchanged, report.removed) == (0, 2, 1)
    assert library.info().items == 2 and library.info().failures == ()


def found(root: Path, file: str, path: str) -> Any:
    from retrieval.catalog.records import FoundFile

    status = (root / file).stat()
    return FoundFile(path, status.st_size, status.st_mtime_ns)


def test_a_root_that_goes_offline_while_it_is_walked_keeps_its_items(
    library: Library, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def pull(path: Path) -> Iterator[Any]:
        listed = scandir(path)
        if Path(path).name == "trip":
            unplug(share, empty=True)
        return listed

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", pull)
        assert index(library, [share]).removed == 0
    assert library.info().items == 2
    plug_in(share)
    assert update(library) == Report(unchanged=2)


def test_an_update_of_nothing_is_nothing(library: Library) -> None:
    assert update(library) == Report()
