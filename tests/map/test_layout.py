from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encoders.protocol import Vectors
from retrieval.map.arranging import Anchors, arrange
from retrieval.map.drawing import lay_out_vectors
from retrieval.map.layout import Places, first_places
from retrieval.map.neighbours import NEAREST, find_neighbours, nearest_among
from tests.shelf import random_vectors, unit

GROUPS, EACH = 4, 25


def groups_of_vectors() -> tuple[Vectors, np.ndarray]:
    """Vectors around four middles, and which one each belongs to."""
    middles = random_vectors(GROUPS, seed=1)
    of = np.repeat(np.arange(GROUPS), EACH)
    return unit(middles[of] + 0.4 * random_vectors(GROUPS * EACH, seed=2)), of


def nearest_on(places: Places) -> np.ndarray:
    apart = ((places[:, None] - places[None]) ** 2).sum(-1)
    np.fill_diagonal(apart, np.inf)
    return apart.argmin(1)


def test_what_is_alike_lies_together() -> None:
    vectors, of = groups_of_vectors()
    places = lay_out_vectors(vectors)
    assert places.shape == (GROUPS * EACH, 2)
    assert np.mean(of[nearest_on(places)] == of) > 0.95


def test_the_same_vectors_have_the_same_places() -> None:
    vectors, _ = groups_of_vectors()
    assert np.array_equal(lay_out_vectors(vectors), lay_out_vectors(vectors))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_few_vectors_have_places_too(count: int) -> None:
    places = arrange(lay_out_vectors(random_vectors(5)[:count]))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert len(np.unique(places, axis=0)) == count


def test_vectors_that_are_the_same_do_not_lie_on_top_of_each_other() -> None:
    places = lay_out_vectors(np.repeat(random_vectors(1), 6, axis=0))
    assert len(np.unique(places, axis=0)) == 6


def test_no_vector_is_its_own_neighbour() -> None:
    same = np.repeat(random_vectors(1), 30, axis=0)
    rows = find_neighbours(np.vstack([same, random_vectors(5)])).rows
    assert rows.shape == (35, NEAREST)
    assert not (rows == np.arange(35)[:, None]).any()


def test_a_row_that_is_near_is_bound_more_than_one_further_off() -> None:
    vectors, _ = groups_of_vectors()
    near = find_neighbours(vectors)
    ties = near.ties()
    held = dict(zip(zip(ties.one, ties.other, strict=True), ties.strengths, strict=True))
    first, last = near.rows[0][[0, -1]]
    assert held[min(0, first), max(0, first)] > held[min(0, last), max(0, last)]


@given(st.integers(2, 40), st.integers(0, 5))
@settings(deadline=None, max_examples=25)
def test_ties_name_every_pair_once(count: int, seed: int) -> None:
    ties = find_neighbours(random_vectors(count, seed)).ties()
    pairs = list(zip(ties.one.tolist(), ties.other.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs) >= count / 2
    assert all(one < other for one, other in pairs)
    assert (ties.strengths > 0).all()
    assert (ties.strengths <= 1).all()
    assert {*ties.one.tolist(), *ties.other.tolist()} == set(range(count))


def test_others_are_found_nearest_first() -> None:
    known = random_vectors(20)
    found = nearest_among(known[3:5], known, 4)
    assert found.rows[:, 0].tolist() == [3, 4]
    assert (np.diff(found.distances) >= 0).all()


def test_the_first_places_lie_along_what_varies_most() -> None:
    vectors = np.zeros((50, 8), np.float32)
    vectors[:, 5] = np.linspace(-1, 1, 50)
    vectors[:, 2] = np.tile([-0.1, 0.1], 25)
    places = first_places(vectors)
    assert abs(np.corrcoef(places[:, 0], vectors[:, 5])[0, 1]) > 0.999
    assert np.abs(places).max() == pytest.approx(10)


@given(st.integers(1, 60), st.integers(0, 9))
@settings(deadline=None, max_examples=25)
def test_a_map_is_arranged_within_its_sides_and_wider_than_high(count: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((count, 2)) * [1, 4]
    places = arrange(drawn.astype(np.float32))
    assert places.min() == 0
    assert places.max() <= 1
    if count > 10:
        assert places[:, 0].max() == 1


@pytest.mark.parametrize("mirrored", [1, -1])
def test_a_layout_is_turned_like_the_map_before(mirrored: int) -> None:
    before = arrange(lay_out_vectors(random_vectors(40)))
    angle = np.array([[0.6, 0.8], [-0.8, 0.6]]) * [1, mirrored]
    turned = ((before - 0.5) @ angle * 30).astype(np.float32)
    rows = np.arange(0, 40, 2)
    again = arrange(turned, Anchors(rows, before[rows]))
    assert np.abs(again - before).max() < 0.1


def test_a_layout_never_stands_upright_for_the_map_before() -> None:
    before = (random_vectors(40)[:, :2] * [1, 4]).astype(np.float32)
    rows = np.arange(40)
    assert np.array_equal(arrange(before, Anchors(rows, before)), arrange(before))
