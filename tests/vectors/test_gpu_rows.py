"""Rows that a GPU holds are found as by brute force, though it has traps of its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.vectors.block import make_block
from retrieval.vectors.gpu import LIMIT, Placement, Refused
from retrieval.vectors.mirror import error_bound
from retrieval.vectors.selection import Search, Selection
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.mirrored import (
    COUNT,
    PLACES,
    QUERY,
    ROWS,
    WHOLE,
    assert_is_true,
    everything,
    mirror_of,
    shelf_of,
)
from tests.vectors.source import REAL, clustered_vectors, nearest, recorded_vectors, scaled


@pytest.mark.parametrize(("gpus", "memory", "placement"), PLACES)
def test_rows_go_where_there_is_room_and_are_found_as_by_brute_force(
    gpus: int, memory: int, placement: Placement
) -> None:
    for vectors in (random_vectors(COUNT), clustered_vectors(COUNT, seed=4)):
        shelf = shelf_of(vectors)
        mirror = mirror_of(shelf, FakeFaiss(gpus, memory))
        assert mirror.placement == placement
        for query in (QUERY, *vectors[:3], *random_vectors(5, seed=7)):
            for k in (1, 10, 100):
                search = Search(query, k, everything(shelf))
                assert_is_true(mirror.nearest(search), search)


@pytest.mark.skipif(not REAL.exists(), reason="needs the recorded CLIP vectors")
@pytest.mark.parametrize(("gpus", "memory", "placement"), PLACES)
def test_recorded_vectors_are_found_as_by_brute_force(
    gpus: int, memory: int, placement: Placement
) -> None:
    pictures, names = recorded_vectors()
    shelf = shelf_of(np.concatenate([pictures, names[:COUNT]]))
    share = len(shelf) * shelf.dim * 4 / ROWS
    mirror = mirror_of(shelf, FakeFaiss(gpus, int(memory * share)))
    assert mirror.placement == placement
    for query in names[COUNT : COUNT + 20]:
        search = Search(query, 60, everything(shelf))
        assert_is_true(mirror.nearest(search), search)


def test_a_scope_is_kept_though_the_gpu_knows_none() -> None:
    shelf = shelf_of(clustered_vectors(COUNT, seed=4))
    mirror = mirror_of(shelf)
    rng = np.random.default_rng(1)
    for share in (0.9, 0.5, 0.1, 0.03):
        among = Selection(shelf, rng.random(COUNT) < share)
        for query in random_vectors(5, seed=7):
            search = Search(query, 20, among)
            assert_is_true(mirror.nearest(search), search)


def test_a_scope_that_lies_far_from_the_query_is_left_to_the_processor() -> None:
    """Filters that go with the query's meaning: none of what the GPU brings up is in scope."""
    shelf = shelf_of(random_vectors(COUNT))
    far = shelf.at(np.arange(COUNT)) @ QUERY < np.quantile(shelf.at(np.arange(COUNT)) @ QUERY, 0.2)
    assert mirror_of(shelf).nearest(Search(QUERY, 5, Selection(shelf, far))) is None


@pytest.mark.parametrize(("share", "k"), [(1, LIMIT), (1, 5000), (0.5, LIMIT // 2), (0.01, 1)])
def test_what_needs_more_rows_than_a_gpu_gives_is_not_asked_of_it(share: float, k: int) -> None:
    faiss, shelf = FakeFaiss(), shelf_of(random_vectors(COUNT))
    mirror = mirror_of(shelf, faiss)
    before = len(faiss.searches)
    among = Selection(shelf, np.arange(COUNT) < share * COUNT)
    assert mirror.nearest(Search(QUERY, k, among)) is None
    assert len(faiss.searches) == before


def test_a_scope_smaller_than_what_is_wanted_is_left_to_the_processor() -> None:
    shelf = shelf_of(random_vectors(COUNT))
    among = Selection(shelf, np.arange(COUNT) % 30 == 0)
    assert mirror_of(shelf).nearest(Search(QUERY, 100 + 1, among)) is None


@pytest.mark.parametrize("alike", [2, 40, 300, LIMIT - 1])
def test_rows_alike_come_in_order_of_passage_though_the_gpu_gives_the_last_first(
    alike: int,
) -> None:
    vectors = random_vectors(COUNT)
    vectors[50 : 50 + alike] = QUERY
    shelf = shelf_of(vectors)
    mirror = mirror_of(shelf)
    for k in (1, 10, alike, alike + 5):
        search = Search(QUERY, k, everything(shelf))
        near = mirror.nearest(search)
        if k + 16 <= LIMIT:
            assert_is_true(near, search)


def test_more_rows_alike_than_a_gpu_gives_are_left_to_the_processor() -> None:
    vectors = random_vectors(COUNT)
    vectors[100 : 100 + LIMIT] = QUERY
    shelf = shelf_of(vectors)
    assert mirror_of(shelf).nearest(Search(QUERY, 3, everything(shelf))) is None


def test_rows_that_lie_closer_together_than_rounding_are_told_apart_or_left() -> None:
    rng = np.random.default_rng(2)
    vectors = scaled(QUERY + 1e-6 * rng.standard_normal((COUNT, DIM)))
    vectors[:1000] = random_vectors(1000)
    shelf = shelf_of(vectors)
    for faiss in (FakeFaiss(), FakeFaiss(1, ROWS - 1)):
        search = Search(QUERY, 10, everything(shelf))
        near = mirror_of(shelf, faiss).nearest(search)
        if near is not None:
            assert_is_true(near, search)


def test_rows_that_came_or_went_since_are_found_or_not() -> None:
    vectors = clustered_vectors(COUNT, seed=4)
    shelf = shelf_of(vectors)
    mirror = mirror_of(shelf)
    best = nearest(vectors, QUERY, 30)[0]
    gone = shelf.ids[best[::2]]
    later = np.arange(2 * COUNT + 1, 2 * COUNT + 41)
    more = np.concatenate([random_vectors(38, seed=3), [QUERY, vectors[best[1]]]])
    now = shelf.without(gone).add(make_block(later, later, more))
    search = Search(QUERY, 25, Selection(now, now.contents > 0))
    assert_is_true(mirror.nearest(search), search)
    compact = now.take(now.contents > 0)
    search = Search(QUERY, 25, everything(compact))
    assert_is_true(mirror.nearest(search), search)


def test_who_began_with_an_old_shelf_goes_on_with_it_though_the_copy_is_newer() -> None:
    vectors = clustered_vectors(COUNT, seed=4)
    newer = shelf_of(vectors)
    older = newer.take(np.arange(COUNT) < COUNT - 100)
    mirror = mirror_of(newer)
    for query in vectors[-10:]:
        search = Search(query, 25, everything(older))
        assert_is_true(mirror.nearest(search), search)


def test_a_shelf_is_copied_again_only_when_it_changed_much() -> None:
    shelf = shelf_of(random_vectors(COUNT))
    mirror = mirror_of(shelf)
    assert mirror.is_still_of(shelf)
    assert mirror.is_still_of(shelf.take(np.arange(COUNT) % 100 != 0))
    assert not mirror.is_still_of(shelf.take(np.arange(COUNT) % 3 != 0))
    grown = shelf_of(random_vectors(2 * COUNT))
    assert not mirror.is_still_of(grown)
    assert mirror_of(grown).is_still_of(grown)


@pytest.mark.parametrize("wrong_by", [1e-3, -1e-3, np.nan])
def test_products_that_are_wrong_by_more_than_they_may_be_are_refused(wrong_by: float) -> None:
    """As with tensor cores that cut float32 short, or memory that fails."""
    faiss, shelf = FakeFaiss(), shelf_of(random_vectors(COUNT))
    mirror = mirror_of(shelf, faiss)
    faiss.wrong_by = wrong_by
    with pytest.raises(Refused, match="wrong by"):
        mirror.nearest(Search(QUERY, 3, everything(shelf)))


@settings(deadline=None, max_examples=60)
@given(dim=st.integers(2, 1024), seed=st.integers(0, 10_000), tiny=st.floats(1e-9, 1))
def test_no_product_is_wrong_by_more_than_the_bound(dim: int, seed: int, tiny: float) -> None:
    """Also where most components are too small for half precision to hold."""
    rows = np.random.default_rng(seed).standard_normal((60, dim)) * np.r_[1, np.full(dim - 1, tiny)]
    one, other = scaled(rows)[:30], scaled(rows)[30:]
    true = one.astype(np.float64) @ other.astype(np.float64).T
    for content in ("float32", "float16"):
        halved = [side.astype(content).astype(np.float32) for side in (one, other)]
        bound = error_bound(dim, Placement(content, 1, parted=False))
        assert np.abs(halved[0] @ halved[1].T - true).max() <= bound


def test_the_bound_is_narrow_enough_to_be_of_use() -> None:
    assert error_bound(512, WHOLE) < 1e-4
    assert error_bound(512, Placement("float16", 1, parted=False)) < 1.1e-3


@settings(deadline=None, max_examples=60)
@given(
    count=st.integers(1, 400),
    k=st.integers(1, 200),
    seed=st.integers(0, 1000),
    share=st.floats(0.1, 1),
    place=st.sampled_from([(1, 10**9), (1, 0.75), (3, 10**9), (3, 0.75), (3, 0.2)]),
    later=st.integers(0, 30),
)
def test_whatever_a_gpu_answers_is_true(
    count: int, k: int, seed: int, share: float, place: tuple[int, float], later: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = clustered_vectors(count, seed)
    vectors[rng.integers(0, count, count // 4)] = vectors[0]
    shelf = shelf_of(vectors)
    try:
        mirror = mirror_of(shelf, FakeFaiss(place[0], int(place[1] * vectors.nbytes)))
    except Refused:
        assert count < 20, "parts of a few rows are not alike"
        return
    ids = np.arange(2 * count + 1, 2 * count + 1 + later)
    now = shelf.add(make_block(ids, ids, clustered_vectors(later, seed + 1))) if later else shelf
    search = Search(vectors[-1], k, Selection(now, rng.random(len(now)) < share))
    near = mirror.nearest(search)
    if near is not None:
        assert_is_true(near, search)
