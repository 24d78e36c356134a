from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from retrieval.catalog.records import FoundFile
from retrieval.library import Library
from retrieval.media import Filters, Kind
from tests.shelf import MTIME, new, put, random_vectors

ALL = Filters()


@pytest.fixture
def media(library: Library, tmp_path: Path) -> Path:
    """Put a picture of 2021 and three files of May 2024, one of them twice, into the library."""
    rows = random_vectors(4)
    folder = tmp_path / "media"
    put(
        library,
        folder,
        new("lake.jpg", rows[0], taken_at=datetime(2021, 12, 31, 23, 59)),
        new("trip/barn.jpg", rows[1], size=10),
        new("trip/notes.txt", rows[2], Kind.TEXT, ["words"], size=7),
        new("talk.wav", rows[3], Kind.AUDIO, ["words"]),
    )
    again = FoundFile("zoo/copy.jpg", 10, MTIME)
    put(library, folder, replace(new("trip/barn.jpg", rows[1], size=10), file=again))
    return folder


def counted(library: Library, filters: Filters = ALL) -> dict[Kind, dict[str, int]]:
    return {
        one.kind: dict(zip(one.months.astype(str).tolist(), one.items.tolist(), strict=True))
        for one in library.catalog.overview.months(filters)
    }


def test_items_are_counted_by_month(library: Library, media: Path) -> None:
    assert counted(library) == {
        Kind.IMAGE: {"2021-12": 1, "2024-05": 2},
        Kind.TEXT: {"2024-05": 1},
        Kind.AUDIO: {"2024-05": 1},
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kinds=frozenset({Kind.TEXT})), {Kind.TEXT: {"2024-05": 1}}),
        (Filters(folder="trip", kinds=frozenset({Kind.IMAGE})), {Kind.IMAGE: {"2024-05": 1}}),
        (Filters(before=datetime(2022, 1, 1)), {Kind.IMAGE: {"2021-12": 1}}),
        (Filters(kinds=frozenset({Kind.VIDEO})), {}),
    ],
)
def test_only_what_passes_is_counted(
    library: Library, media: Path, filters: Filters, expected: dict[Kind, dict[str, int]]
) -> None:
    assert counted(library, filters) == expected


def test_a_library_of_nothing_has_no_months(library: Library) -> None:
    assert library.catalog.overview.months(Filters()) == []
    assert library.catalog.overview.bytes_by_kind() == {}


def test_what_is_missing_counts_nowhere(library: Library, media: Path) -> None:
    with library.write() as writer:
        writer.retire(writer.root(media), ["lake.jpg", "talk.wav"])
    assert counted(library) == {Kind.IMAGE: {"2024-05": 2}, Kind.TEXT: {"2024-05": 1}}
    assert library.catalog.overview.bytes_by_kind() == {Kind.IMAGE: 20, Kind.TEXT: 7}


def test_each_content_has_the_first_file_that_holds_it(library: Library, media: Path) -> None:
    with library.write() as writer:
        writer.retire(writer.root(media), ["talk.wav"])
    files = {one.kind: one for one in library.catalog.overview.first_files()}
    items = {
        kind: [library.item(i).path for i in one.items.tolist()] for kind, one in files.items()
    }
    assert items == {
        Kind.IMAGE: ["lake.jpg", "trip/barn.jpg"],
        Kind.TEXT: ["trip/notes.txt"],
        Kind.AUDIO: [],
        Kind.VIDEO: [],
    }
