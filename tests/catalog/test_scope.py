"""Filters choose before the ranking does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.library import Library
from retrieval.media import Filters, Kind, Query, TextTerm
from tests.shelf import new, put, random_vectors


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> Library:
    vectors = random_vectors(6)
    put(
        library,
        tmp_path / "photos",
        new("dogs/a.jpg", vectors[0], taken_at=datetime(2020, 1, 1)),
        new("dogs/deep/b.jpg", vectors[1], taken_at=datetime(2021, 1, 1)),
        new("dogs_and_cats/c.jpg", vectors[2]),
        new("100%_sure/d.txt", vectors[3], Kind.TEXT),
    )
    put(library, tmp_path / "sounds", new("dogs/bark.wav", vectors[4], Kind.AUDIO))
    return library


def found(library: Library, filters: Filters) -> set[str]:
    answer = library.search(Query((TextTerm("anything"),), filters, k=50))
    assert answer.total == len(answer.hits)
    return {hit.item.path.split("/")[-1] for hit in answer.hits}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("dogs", {"a.jpg", "b.jpg", "bark.wav"}),
        ("dogs/", {"a.jpg", "b.jpg", "bark.wav"}),
        ("dogs/deep", {"b.jpg"}),
        ("photos", {"a.jpg", "b.jpg", "c.jpg", "d.txt"}),
        ("photos/dogs", {"a.jpg", "b.jpg"}),
        ("100%_sure", {"d.txt"}),
        ("100__sure", set()),
        ("Dogs", set()),
        ("nowhere", set()),
        (".", {"a.jpg", "b.jpg", "c.jpg", "d.txt", "bark.wav"}),
    ],
)
def test_a_folder_is_named_relative_to_a_root(
    shelf: Library, folder: str, expected: set[str]
) -> None:
    assert found(shelf, Filters(folder=folder)) == expected


def test_a_folder_may_be_absolute(shelf: Library, tmp_path: Path) -> None:
    assert found(shelf, Filters(folder=str(tmp_path / "photos" / "dogs"))) == {"a.jpg", "b.jpg"}
    assert found(shelf, Filters(folder=str(tmp_path / "sounds"))) == {"bark.wav"}
    assert len(found(shelf, Filters(folder=str(tmp_path)))) == 5
    assert found(shelf, Filters(folder="/")) == found(shelf, Filters())


def test_kinds(shelf: Library) -> None:
    assert found(shelf, Filters(kinds=frozenset({Kind.AUDIO}))) == {"bark.wav"}
    both = frozenset({Kind.AUDIO, Kind.TEXT})
    assert found(shelf, Filters(kinds=both)) == {"bark.wav", "d.txt"}


def test_dates_are_when_taken_or_else_when_modified(shelf: Library) -> None:
    assert found(shelf, Filters(before=datetime(2020, 1, 1))) == {"a.jpg"}
    assert found(shelf, Filters(after=datetime(2020, 6, 1), before=datetime(2022, 1, 1))) == {
        "b.jpg"
    }
    assert found(shelf, Filters(after=datetime(2024, 5, 1))) == {"c.jpg", "d.txt", "bark.wav"}
    noon = datetime(2024, 5, 1, 12).astimezone().astimezone(UTC)
    assert found(shelf, Filters(after=noon)) == {"c.jpg", "d.txt", "bark.wav"}
    assert found(shelf, Filters(after=noon + timedelta(seconds=1))) == set()


def test_sizes_lie_between_their_bounds(library: Library, tmp_path: Path) -> None:
    sizes = {"small.jpg": 999, "middle.jpg": 1000, "large.jpg": 2**40}
    vectors = random_vectors(3)
    put(
        library,
        tmp_path / "photos",
        *(
            new(name, vector, size=size)
            for (name, size), vector in zip(sizes.items(), vectors, strict=True)
        ),
    )
    assert found(library, Filters(min_size=1000)) == {"middle.jpg", "large.jpg"}
    assert found(library, Filters(max_size=1000)) == {"small.jpg", "middle.jpg"}
    assert found(library, Filters(min_size=1000, max_size=1000)) == {"middle.jpg"}
    assert found(library, Filters(max_size=0)) == set()


def test_what_has_no_length_is_neither_long_nor_short(library: Library, tmp_path: Path) -> None:
    vectors = random_vectors(3)
    put(
        library,
        tmp_path / "sounds",
        new("short.wav", vectors[0], Kind.AUDIO, duration=1.5),
        new("long.wav", vectors[1], Kind.AUDIO, duration=90.0),
        new("still.jpg", vectors[2]),
    )
    assert found(library, Filters(min_duration=0)) == {"short.wav", "long.wav"}
    assert found(library, Filters(min_duration=90)) == {"long.wav"}
    assert found(library, Filters(max_duration=1.5)) == {"short.wav"}


def test_a_home_of_nobody_is_a_folder_that_is_not_there(shelf: Library) -> None:
    assert found(shelf, Filters(folder="~nobody-of-this-name/photos")) == set()


def test_filters_combine(shelf: Library) -> None:
    pictures = frozenset({Kind.IMAGE})
    assert found(shelf, Filters(pictures, "dogs", after=datetime(2020, 6, 1))) == {"b.jpg"}
