"""A dictionary of vectors in place of a catalog, that counts what is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.catalog.records import Ids, Scope, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from tests.fakes import DIM
from tests.shelf import random_vectors, unit

REAL = Path(__file__).parents[3] / "shared/data/clip-vectors"
"""Recorded CLIP vectors of pictures and of names of things; a user does not have them."""

EVERYTHING = Scope.of(np.arange(1, 10_000))
KINDS = (Kind.IMAGE, Kind.TEXT)


class Dictionary:
    """Passage i is of content i // 2 and, by turns, a picture or a text."""

    def __init__(self, count: int = 0) -> None:
        self.rows = dict(enumerate(random_vectors(count), start=1)) if count else {}
        self.read = 0

    def put(self, id: int) -> None:
        self.rows[id] = random_vectors(1, seed=id)[0]

    def count(self, up_to: int) -> int:
        return sum(key <= up_to for key in self.rows)

    def ids(self) -> Ids:
        return np.array(sorted(self.rows), np.int64)

    def after(self, last: int) -> Iterator[StoredVectors]:
        keys = sorted(key for key in self.rows if key > last)
        for start in range(0, len(keys), 7):
            self.read += len(keys[start : start + 7])
            yield self._stored(keys[start : start + 7])

    def of(self, ids: Ids) -> StoredVectors:
        return self._stored([key for key in sorted(ids.tolist()) if key in self.rows])

    def of_kind(self, kind: Kind) -> list[int]:
        return [key for key in sorted(self.rows) if kind_of(key) is kind]

    def _stored(self, keys: list[int]) -> StoredVectors:
        return StoredVectors(
            np.array(keys, np.int64),
            np.array([kind_of(key) for key in keys], str),
            np.array([content_of(key) for key in keys], np.int64),
            np.array([self.rows[key] for key in keys], np.float32).reshape(len(keys), DIM),
        )


def kind_of(id: int) -> Kind:
    return KINDS[id % 2]


def content_of(id: int) -> int:
    return id // 2 + 1


def nearest(rows: Vectors, query: Vectors, k: int) -> tuple[list[int], Vectors]:
    """Rank rows by brute force: (positions, cosines), best first, the first of equals first."""
    cosines = (rows.astype(np.float64) @ query.astype(np.float64)).astype(np.float32)
    order = np.lexsort((np.arange(len(rows)), -cosines))[:k]
    return order.tolist(), cosines[order]


def clustered_vectors(count: int, seed: int) -> Vectors:
    """Make vectors that crowd together, as an encoder's do."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(1, count // 20), DIM)) + 2
    chosen = rng.integers(0, len(centres), count)
    return unit(centres[chosen] + 0.1 * rng.standard_normal((count, DIM)))


def recorded_vectors() -> tuple[Vectors, Vectors]:
    """Read real vectors of one space: pictures and names of things."""
    pictures = np.load(REAL / "flickr8k1000_vitb32/clip_embeddings.npy")
    names = np.load(REAL / "detic_text/lvis_v1_clip_a+cname.npy")
    return scaled(pictures), scaled(names)


def scaled(rows: np.ndarray) -> Vectors:
    """Scale rows of any width to unit length."""
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)
