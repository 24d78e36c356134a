"""One vector for each content, out of its passages': what of a library is put on a map.

Of each kind of passage the middle is taken away first, as vectors of pictures and of words lie
apart whatever they mean (see ``retrieval.search.background``); the passages of a content are then
added up. Vectors are read in one pass and in batches, so that a library need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.embeddings import Embeddings
from retrieval.catalog.records import Ids, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind

KINDS = np.array(list(Kind))

SHY = 1.0
"""Passages at no place at all that each kind's middle counts: a kind of one would be nowhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Contents, ascending, with a unit vector each, [n, dim]."""

    contents: Ids
    vectors: Vectors


@dataclass(slots=True, eq=False)
class Sums:
    """Of some groups of passages: their vectors added up, [n, dim], and how many of each kind."""

    vectors: Vectors
    counts: NDArray[np.float32]

    @classmethod
    def none(cls, groups: int, dim: int) -> Sums:
        """Begin with nothing."""
        return cls(np.zeros((groups, dim), np.float32), np.zeros((groups, len(KINDS)), np.float32))

    def add(self, groups: Ids, kinds: NDArray[np.intp], vectors: Vectors) -> None:
        """Add vectors, each to its group."""
        np.add.at(self.counts, (groups, kinds), 1)
        order = np.argsort(groups, kind="stable")
        there, starts = np.unique(groups[order], return_index=True)
        self.vectors[there] += np.add.reduceat(vectors[order], starts) if len(there) else 0

    def around(self, middles: Vectors) -> Vectors:
        """Give the direction, [n, dim], in which each group lies from the middles of its kinds."""
        apart = self.vectors - self.counts @ middles
        lengths = np.linalg.norm(apart, axis=1, keepdims=True)
        directions: Vectors = apart / np.maximum(lengths, 1e-12)
        return directions

    def middles(self) -> Vectors:
        """Give the middle of each kind, groups standing for kinds."""
        counts = self.counts.sum(1, keepdims=True)
        middles: Vectors = self.vectors / (counts + SHY)
        return middles


def gather(embeddings: Embeddings, wanted: Ids, dim: int) -> tuple[Gathered, Vectors]:
    """Gather the vectors of contents, ascending; give the middles of all kinds as well."""
    sums, by_kind = Sums.none(len(wanted), dim), Sums.none(len(KINDS), dim)
    for stored in embeddings.after(0):
        kinds = _kinds_of(stored)
        by_kind.add(kinds, kinds, stored.vectors)
        rows, here = _find(wanted, stored.contents)
        sums.add(rows[here], kinds[here], stored.vectors[here])
    known = sums.counts.any(1)
    middles = by_kind.middles()
    return Gathered(wanted[known], sums.around(middles)[known]), middles


def gather_others(embeddings: Embeddings, wanted: Ids, middles: Vectors) -> Iterator[Gathered]:
    """Gather the vectors of contents, ascending, some thousands at a time.

    Of a content that a batch ends within, what comes before that end is enough.
    """
    given = np.zeros(len(wanted), np.bool_)
    for stored in embeddings.after(0):
        rows, here = _find(wanted, stored.contents)
        here[here] = ~given[rows[here]]
        there, groups = np.unique(rows[here], return_inverse=True)
        given[there] = True
        sums = Sums.none(len(there), middles.shape[1])
        sums.add(groups, _kinds_of(stored)[here], stored.vectors[here])
        yield Gathered(wanted[there], sums.around(middles))


def _kinds_of(stored: StoredVectors) -> NDArray[np.intp]:
    order = np.argsort(KINDS)
    return order[np.searchsorted(KINDS, stored.kinds, sorter=order)]


def _find(wanted: Ids, contents: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Look up where contents stand among those wanted, ascending, and which do."""
    rows = np.minimum(np.searchsorted(wanted, contents), max(len(wanted) - 1, 0))
    return rows, wanted[rows] == contents if len(wanted) else np.zeros(len(rows), np.bool_)
