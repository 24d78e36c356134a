"""The fast search gives what brute force gives, row for row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retrieval.vectors.scan as scanning
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.block import Block, make_block
from retrieval.vectors.grid import learn_grid, quantise
from retrieval.vectors.scan import MANY, Wanted, scan
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.source import REAL, clustered_vectors, nearest, recorded_vectors


def block_of(vectors: Vectors, first: int = 0) -> Block:
    ids = np.arange(first, first + len(vectors))
    return make_block(ids, ids, vectors)


def assert_exact(vectors: Vectors, queries: Vectors, k: int, stretch: int = 64) -> None:
    half = len(vectors) // 3
    blocks = [block_of(vectors[:half]), block_of(vectors[half:], first=half)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "STRETCH", stretch)
        answers = scan(blocks, [Wanted(query, k, [None, None]) for query in queries])
    for query, (ids, cosines) in zip(queries, answers, strict=True):
        expected, true = nearest(vectors, query, k)
        assert ids.tolist() == expected
        np.testing.assert_array_equal(cosines, true)


@pytest.mark.parametrize("many", [1, MANY - 1, MANY, 40])
def test_a_scan_gives_what_brute_force_gives(many: int) -> None:
    for vectors in (random_vectors(1000), clustered_vectors(1000, seed=3)):
        assert_exact(vectors, random_vectors(many, seed=8), k=10)
        assert_exact(vectors, vectors[:many], k=10)


@settings(deadline=None, max_examples=60)
@given(
    count=st.integers(1, 200),
    k=st.integers(1, 250),
    many=st.integers(1, 9),
    seed=st.integers(0, 1000),
)
def test_any_size_and_any_k_are_exact(count: int, k: int, many: int, seed: int) -> None:
    assert_exact(clustered_vectors(count, seed), random_vectors(many, seed + 1), k, stretch=16)


def test_equal_vectors_come_in_order_of_passage_whatever_k() -> None:
    vectors = np.repeat(random_vectors(3), 50, axis=0)
    query = random_vectors(1, seed=5)
    for k in (1, 7, 49, 51, 150):
        assert_exact(vectors, query, k)


def test_vectors_that_bytes_tell_badly_are_still_exact() -> None:
    spiky = np.eye(DIM, dtype=np.float32)[np.arange(500) % DIM] * 100 + random_vectors(500)
    spiky /= np.linalg.norm(spiky, axis=1, keepdims=True)
    assert_exact(spiky.astype(np.float32), random_vectors(3, seed=2), k=20)
    assert_exact(np.zeros((5, DIM), np.float32), random_vectors(1), k=5)


def test_masked_rows_are_never_found_and_k_others_are() -> None:
    vectors = clustered_vectors(500, seed=1)
    for share in (0.02, 0.5):
        mask = np.random.default_rng(0).random(500) < share
        allowed = np.flatnonzero(mask)
        for queries in (random_vectors(2, seed=4), random_vectors(MANY, seed=4)):
            wanted = [Wanted(query, 10, [mask]) for query in queries]
            for query, (ids, _) in zip(queries, scan([block_of(vectors)], wanted), strict=True):
                positions, _ = nearest(vectors[allowed], query, 10)
                assert ids.tolist() == allowed[positions].tolist()


def test_searches_with_different_masks_and_depths_go_together() -> None:
    vectors, query = random_vectors(300), random_vectors(1, seed=6)[0]
    mask = np.arange(300) < 20
    together = scan(
        [block_of(vectors)],
        [Wanted(query, 5, [None]), Wanted(query, 50, [mask]), Wanted(-query, 3, [None])],
    )
    assert [len(ids) for ids, _ in together] == [5, 20, 3]
    assert together[0][0].tolist() == nearest(vectors, query, 5)[0]
    assert together[2][0].tolist() == nearest(vectors, -query, 3)[0]


def test_rows_lie_on_their_grid_within_the_error_that_is_kept_of_them() -> None:
    vectors = clustered_vectors(200, seed=7)
    block = block_of(vectors)
    for some in (block, block.on(learn_grid(random_vectors(300, seed=1)))):
        placed = some.codes * some.scales[:, None]
        distances = np.linalg.norm(some.grid.place(vectors) - placed, axis=1)
        assert (some.errors >= distances - 1e-5).all()
        back = some.grid.centre + some.grid.steps * placed
        assert np.abs(back - vectors).max() < 0.02
        np.testing.assert_allclose(
            some.lengths, np.linalg.norm(some.grid.place(vectors), axis=1), rtol=1e-5
        )


def test_loud_components_take_nothing_from_the_others() -> None:
    vectors = random_vectors(400, seed=3)
    vectors[:, 0] = 30 * vectors[:, 0] + 90
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes, scales = quantise(vectors)
    lost = np.abs(vectors - codes * scales[:, None])[:, 1:].mean()
    block = block_of(vectors)
    placed = block.grid.centre + block.grid.steps * (block.codes * block.scales[:, None])
    assert np.abs(vectors - placed)[:, 1:].mean() < lost / 10


@pytest.mark.skipif(not REAL.exists(), reason="needs the recorded CLIP vectors")
@pytest.mark.parametrize("many", [1, MANY])
def test_real_text_queries_over_real_picture_vectors_are_exact(many: int) -> None:
    pictures, names = recorded_vectors()
    for start in range(0, 20 * many, many):
        assert_exact(pictures, names[start : start + many], k=10, stretch=256)
