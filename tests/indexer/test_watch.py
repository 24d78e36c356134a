"""Which places a burst of changes touches, and which paths are none of a watch's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import watch as watching
from indexer.report import Report
from indexer.watch import MANY, gather, watch
from retrieval.forgetting import forget
from retrieval.library import Library
from retrieval.roots import Offline
from tests.indexer.conftest import paint

A = Path("/a")


@pytest.fixture(autouse=True)
def short_bursts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET", 50)
    monkeypatch.setattr(watching, "LOOK", 100)


@pytest.mark.parametrize(
    ("paths", "places"),
    [
        ([], []),
        (["x"], ["x"]),
        (["b/x", "a/x", "b/y"], ["a/x", "b/x", "b/y"]),
        (["a", "a/x", "a/b/y", "ab"], ["a", "ab"]),
        ([f"a/{i}" for i in range(MANY)], sorted(f"a/{i}" for i in range(MANY))),
        ([*(f"a/{i}" for i in range(MANY + 1)), "a/b/x", "c"], ["a", "c"]),
    ],
)
def test_few_places_hold_all_that_changed(paths: list[str], places: list[str]) -> None:
    assert gather(A / path for path in paths) == [A / place for place in places]


def until(reports: Iterator[Report], happened: Callable[[Report], bool]) -> Report:
    """Let reports pass by until one of them is about something."""
    return next(report for report in reports if happened(report))


def test_a_change_is_a_run_over_its_place_alone(library: Library, media: Path) -> None:
    paint(media / "red.png")
    reports = watch(library, [media])
    assert next(reports) == Report(added=1)
    paint(media / "sub/deep/blue.png", "blue")
    assert until(reports, lambda report: report.added == 1).unchanged == 0
    (media / "red.png").unlink()
    assert until(reports, lambda report: report.removed == 1).failures == ()


def test_what_changes_during_the_first_run_is_not_missed(library: Library, media: Path) -> None:
    paint(media / "red.png")
    reports = watch(library, [media])
    next(reports)
    paint(media / "blue.png", "blue")
    paint(media / "green.png", "green")
    found = until(reports, lambda report: report.added > 0).added
    assert found == 2 or until(reports, lambda report: report.added > 0).added == 1


def test_a_root_that_vanishes_is_offline_and_watched_again_when_it_returns(
    library: Library, media: Path
) -> None:
    paint(media / "red.png")
    reports = watch(library, [media])
    next(reports)
    media.rename(media.with_name("unplugged"))
    report = until(reports, lambda report: bool(report.offline))
    assert report.offline == (Offline(media, 1),) and report.removed == 0
    media.with_name("unplugged").rename(media)
    assert until(reports, lambda report: not report.offline).unchanged == 1
    paint(media / "blue.png", "blue")
    assert until(reports, lambda report: report.added == 1).failures == ()


def test_an_empty_folder_is_watched(library: Library, media: Path) -> None:
    reports = watch(library, [media])
    assert next(reports) == Report()
    paint(media / "red.png")
    assert until(reports, lambda report: report.added == 1).offline == ()


def test_a_forgotten_root_comes_back_whole(library: Library, media: Path) -> None:
    paint(media / "red.png")
    paint(media / "sub/blue.png", "blue")
    reports = watch(library, [media])
    next(reports)
    forget(library, [media])
    paint(media / "sub/green.png", "green")
    assert until(reports, lambda report: report.added > 0).added == 3
    assert [root.path for root in library.info().roots] == [media]


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("a.png", True),
        ("sub/a.png", True),
        ("sub", True),
        (".a.png.swp", False),
        (".git/index", False),
        ("sub/@eaDir/a.png", False),
        ("library/catalog.sqlite-wal", False),
        ("cache/a.png", False),
        ("node_modules/a.png", False),
        ("library/thumbnails/aa/a.webp", False),
        ("../elsewhere/a.png", False),
    ],
)
def test_what_a_walk_passes_over_wakes_nobody(media: Path, path: str, matters: bool) -> None:
    (media / "library").mkdir()
    (media / "library/catalog.sqlite").touch()
    (media / "cache").mkdir()
    (media / "cache/CACHEDIR.TAG").touch()
    (media / ".nomedia").touch()
    assert watching._is_media((media / path).resolve(), [media]) is matters
