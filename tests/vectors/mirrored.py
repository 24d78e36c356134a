"""Shelves and libraries with copies on GPUs, and what their answers have to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.catalog.records import Scope, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.progress import Unwatched
from retrieval.vectors import approach, mirrors, store
from retrieval.vectors.block import make_block
from retrieval.vectors.gpu import Gpus, Placement
from retrieval.vectors.mirror import Mirror
from retrieval.vectors.selection import Nearest, Search, Selection
from retrieval.vectors.shelf import Shelf
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.source import (
    EVERYTHING,
    KINDS,
    Dictionary,
    clustered_vectors,
    content_of,
    nearest,
    scaled,
)

COUNT = 3000
ROWS = COUNT * DIM * 4
"""Rows of a shelf, and their bytes in float32."""

MANY = 1500
"""Rows of each kind in a library of twice as many."""

QUERY = random_vectors(1, seed=9)[0]

WHOLE = Placement("float32", 1, parted=False)
PLACES = [
    (1, ROWS, WHOLE),
    (1, ROWS - 1, Placement("float16", 1, parted=False)),
    (3, ROWS, Placement("float32", 3, parted=False)),
    (3, ROWS - 1, Placement("float32", 3, parted=True)),
    (4, ROWS // 5, Placement("float16", 4, parted=True)),
]
"""How many GPUs with how much memory each, and how they hold the rows."""


def shelf_of(vectors: Vectors) -> Shelf:
    """Passages have odd ids; two passages make a content."""
    numbers = np.arange(len(vectors))
    return Shelf((make_block(2 * numbers + 1, numbers // 2 + 1, vectors),), vectors.shape[1])


def everything(shelf: Shelf) -> Selection:
    return Selection(shelf, np.ones(len(shelf), np.bool_))


def mirror_of(shelf: Shelf, faiss: FakeFaiss | None = None) -> Mirror:
    return Mirror(Gpus(faiss or FakeFaiss()), shelf.blocks[0])


def assert_is_true(near: Nearest | None, search: Search) -> None:
    """Compare with brute force over the selection."""
    shelf, positions = search.among.shelf, np.flatnonzero(search.among.mask)
    expected, cosines = nearest(shelf.at(positions), search.query, search.k)
    assert near is not None
    assert near.ids.tolist() == shelf.ids[positions[expected]].tolist()
    assert near.contents.tolist() == shelf.contents[positions[expected]].tolist()
    np.testing.assert_array_equal(near.similarities, cosines)


def take_small_for_large(patch: pytest.MonkeyPatch) -> None:
    """Let few rows be worth a copy, and lists."""
    patch.setattr(mirrors, "LARGE", 8 * DIM)
    patch.setattr(mirrors, "ASKED", 2)
    patch.setattr(store, "LARGE", 50 * DIM)
    patch.setattr(approach, "REACH", 20)


class Wholesale(Dictionary):
    """A dictionary that is read at once."""

    def after(self, last: int) -> Iterator[StoredVectors]:
        keys = sorted(key for key in self.rows if key > last)
        if keys:
            yield self._stored(keys)


def opened(directory: Path, source: Dictionary, faiss: FakeFaiss) -> VectorStore:
    gpus = Gpus(faiss)
    vectors = VectorStore(directory, "here", DIM, source, lambda: gpus)
    vectors.catch_up()
    return vectors


def copied(directory: Path, source: Dictionary, faiss: FakeFaiss) -> VectorStore:
    """Open a saved library that was searched often enough."""
    opened(directory, source, faiss).save()
    vectors = opened(directory, source, faiss)
    ask_often(vectors)
    return vectors


def ask_often(vectors: VectorStore) -> None:
    for _ in range(3):
        for kind in KINDS:
            vectors.search(kind, QUERY, 3, EVERYTHING)
        vectors.mirrors.settle()


def assert_answers_for(
    vectors: VectorStore, source: Dictionary, k: int, scope: Scope = EVERYTHING
) -> None:
    for kind in KINDS:
        keys = [key for key in source.of_kind(kind) if content_of(key) in scope]
        rows = np.array([source.rows[key] for key in keys], np.float32).reshape(-1, DIM)
        expected, cosines = nearest(rows, QUERY, k)
        for search in (vectors.search, vectors.search_exactly):
            found = search(kind, QUERY, k, scope)
            assert found.ids.tolist() == [keys[position] for position in expected]
            assert found.contents.tolist() == [content_of(key) for key in found.ids.tolist()]
            np.testing.assert_array_equal(found.similarities, cosines)


def no_room(*_: object) -> None:
    raise RuntimeError("Error: 'err == cudaSuccess' failed: out of memory")


def listed(directory: Path, faiss: FakeFaiss) -> tuple[VectorStore, Dictionary]:
    """Open a library with lists, of which the GPU can hold no more than those."""
    source = Wholesale()
    rows = clustered_vectors(2 * MANY, seed=5)
    source.rows = dict(enumerate(rows, start=1))
    first = opened(directory, source, faiss)
    first.save()
    first.approximate(lambda: scaled(clustered_vectors(60, seed=77) - 1.5), Unwatched())
    vectors = opened(directory, source, faiss)
    ask_often(vectors)
    return vectors, source
