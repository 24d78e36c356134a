"""Which vectors are near which: the graph that a map is drawn from.

Follows McInnes, Healy, Melville, "UMAP" (arXiv 1802.03426), section 3.1 and algorithms 2 and 3: a
vector is bound to its nearest one wholly and to the further ones less, at a rate of its own, so
that all have about as many ties in crowded regions as in lonely ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors

NEAREST = 15
"""Neighbours of a vector that are bound to it; UMAP's own choice."""

HALVINGS = 40
"""Steps in which a rate is narrowed down, beyond what float32 can tell apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Pairs of rows, each once, and how strongly they are bound, above 0 and up to 1."""

    one: Ids
    other: Ids
    strengths: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest rows of each vector, [n, k], nearest first, and how far they are."""

    rows: Ids
    distances: Vectors

    def ties(self) -> Ties:
        """Bind rows that are near each other, whichever of them is the nearer one's neighbour."""
        count, k = self.rows.shape
        if not k:
            return Ties(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        strengths = _strengths(self.distances).ravel()
        here, there = np.repeat(np.arange(count), k), self.rows.ravel()
        pairs = np.minimum(here, there) * count + np.maximum(here, there)
        pairs, at = np.unique(pairs, return_inverse=True)
        # Of two that name each other: either or both, as of chances.
        apart = np.bincount(at, np.log1p(-np.minimum(strengths, 1 - 1e-6)), len(pairs))
        return Ties(pairs // count, pairs % count, (1 - np.exp(apart)).astype(np.float32))


def find_neighbours(vectors: Vectors, k: int = NEAREST) -> Neighbours:
    """Find of each unit vector, [n, dim], the k nearest others, or all where there are fewer."""
    k = min(k, len(vectors) - 1)
    return _without_self(*_search(vectors, vectors, k + 1), k)


def nearest_among(vectors: Vectors, others: Vectors, k: int) -> Neighbours:
    """Find of each unit vector, [n, dim], the k nearest of others, [m, dim]."""
    similarities, rows = _search(others, vectors, min(k, len(others)))
    return Neighbours(rows, _distances(similarities))


def _search(among: Vectors, vectors: Vectors, k: int) -> tuple[Vectors, Ids]:
    index = faiss.IndexFlatIP(among.shape[1])
    index.add(among)
    similarities, rows = index.search(vectors, k)
    return similarities, rows


def _without_self(similarities: Vectors, rows: Ids, k: int) -> Neighbours:
    """Leave out each row itself or, where others like it come before it, the last of them."""
    itself = rows == np.arange(len(rows))[:, None]
    itself[~itself.any(1), -1] = True
    kept = ~itself
    shape = len(rows), k
    return Neighbours(rows[kept].reshape(shape), _distances(similarities[kept].reshape(shape)))


def _distances(similarities: Vectors) -> Vectors:
    distances: Vectors = np.sqrt(np.maximum(2 - 2 * similarities, 0))
    return distances


def _strengths(distances: Vectors) -> Vectors:
    """Let ties weaken with distance so that those of a row add up to the logarithm of k."""
    beyond = distances - distances[:, :1]
    wanted = np.log2(distances.shape[1] + 1)
    low, high = np.full((len(distances), 1), 1e-6), np.full((len(distances), 1), 1e3)
    for _ in range(HALVINGS):
        middle = np.sqrt(low * high)
        enough = np.exp(-beyond / middle).sum(1, keepdims=True) > wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    strengths: Vectors = np.exp(-beyond / high).astype(np.float32)
    return strengths
