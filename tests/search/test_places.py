"""Where in an item a query is met."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import NotFound
from retrieval.library import Library
from retrieval.media import Filters, Hit, Kind, Query, TextTerm
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.shelf import new, put, random_vectors

RED = (TextTerm("red"),)
SCENES = 6


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> Library:
    [red] = library.encoder.encode_texts(["red"])
    scenes = random_vectors(SCENES, seed=1)
    scenes[[1, 4]] = red, red + 0.01 * scenes[4]
    others = [new(f"{n}.jpg", row) for n, row in enumerate(random_vectors(40, seed=2))]
    put(library, tmp_path / "media", new("film.mp4", scenes, Kind.IMAGE), *others)
    return library


def test_the_places_are_as_many_as_the_hit_says_and_in_order(shelf: Library) -> None:
    [hit] = shelf.search(Query(RED, k=1)).hits
    answer = shelf.places(Query(RED, Filters(frozenset({Kind.TEXT}))), hit.item.id)
    assert hit.passages == answer.total == len(answer.hits) == 2
    ids = [found.passage_id for found in answer.hits]
    numbers = [passage_id for passage_id, _ in shelf.passages(hit.item)]
    assert ids == [numbers[1], numbers[4]]
    assert hit.passage_id in ids
    cosines = [found.similarity for found in answer.hits]
    assert np.allclose(cosines, hit.similarity, atol=0.01)
    assert {found.score for found in answer.hits} == {None}


def test_the_nearest_come_in_pages(shelf: Library) -> None:
    [hit] = shelf.search(Query(RED, k=1)).hits
    first, second, none = (
        shelf.places(Query(RED, k=1, offset=page), hit.item.id) for page in range(3)
    )
    assert [found.passage_id for found in first.hits] == [hit.passage_id]
    assert len(second.hits) == 1 and second.hits[0].passage_id != hit.passage_id
    assert none.hits == ()
    assert first.total == second.total == none.total == 2


def test_of_an_item_that_is_not_there_it_is_said(shelf: Library) -> None:
    with pytest.raises(NotFound):
        shelf.places(Query(RED), 999)


# What is said, and what is meant.

WORDS = ("red", "boat", "lamp", "sea", "barn", "01", "02")
"""Some are in what files say, some in their names."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Make books whose pages mean anything and say something else."""
    folder = tmp_path_factory.mktemp("books")
    with Library.open(folder / "library", FakeEncoder(), FakeTranscriber()) as library:
        random = np.random.default_rng(3)
        put(
            library,
            folder / "media",
            *(
                new(
                    f"{number:02} {random.choice(WORDS)}.txt",
                    random_vectors(pages, seed=number),
                    Kind.TEXT,
                    [" ".join(random.choice(WORDS, 2)) for _ in range(pages)],
                )
                for number, pages in enumerate(random.integers(1, 12, 30))
            ),
        )
        yield library


def places_of(library: Library, query: Query, hit: Hit) -> list[int | None]:
    answer = library.places(Query(query.terms), hit.item.id)
    assert answer.total == hit.passages
    return [place.passage_id for place in answer.hits]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_every_hit_is_among_its_places_which_are_as_many_as_it_says(
    books: Library, words: list[str]
) -> None:
    query = Query((TextTerm(" ".join(words)),), k=30)
    for hit in books.search(query).hits:
        found = places_of(books, query, hit)
        assert hit.passage_id in found
        assert len(found) == min(hit.passages, query.k)


def test_what_was_found_by_its_words_is_a_place_beside_what_is_meant(
    library: Library, tmp_path: Path
) -> None:
    [red] = library.encoder.encode_texts(["red"])
    pages = random_vectors(6, seed=1)
    pages[1] = red + 2 * pages[1]
    said = ["", "", "", "", "the red barn", ""]
    others = [new(f"{n}.txt", row, Kind.TEXT) for n, row in enumerate(random_vectors(40, seed=2))]
    put(library, tmp_path / "media", new("book.txt", pages, Kind.TEXT, said), *others)
    [hit] = library.search(Query(RED, k=1)).hits
    numbers = [passage_id for passage_id, _ in library.passages(hit.item)]
    assert hit.passage_id == numbers[4]
    assert places_of(library, Query(RED), hit) == [numbers[1], numbers[4]]
    [first] = library.places(Query(RED, k=1), hit.item.id).hits
    assert first.passage_id == hit.passage_id
