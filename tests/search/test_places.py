"""Where in an item a query is met."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import NotFound
from retrieval.library import Library
from retrieval.media import Filters, Kind, Query, TextTerm
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


def test_of_an_item_that_is_not_there_it_is_said(shelf: Library) -> None:
    with pytest.raises(NotFound):
        shelf.places(Query(RED), 999)
