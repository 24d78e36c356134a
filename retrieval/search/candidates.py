"""The passages that may answer a query, of all kinds in one ranking.

Every kind is searched by itself and its similarities judged against its own background, so that
one fair list can hold pictures, documents and speech.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.matching import Matches
from retrieval.catalog.records import Ids, Scope
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.search.background import Background, Scale
from retrieval.search.calibration import Crowd, gather
from retrieval.search.meaning import Meaning
from retrieval.vectors.approach import REACH
from retrieval.vectors.block import Mask
from retrieval.vectors.selection import Nearest
from retrieval.vectors.store import VectorStore

DEPTH = 4
"""Passages searched for each content asked for, at first: long documents crowd the top. But no
more than lists give, as long as those may do."""

_NONE: Ids = np.empty(0, np.int64)

Search = Callable[[Kind, Vectors, int, Scope], Nearest]
"""A store's way of finding the k nearest, exact or not."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Passages of all kinds, best first; the arrays run in parallel."""

    passages: Ids
    contents: Ids
    similarities: Vectors
    deviations: NDArray[np.float64]

    def best_of_each_content(self) -> Ids:
        """Give the position of each content's best passage, in order."""
        _, first = np.unique(self.contents, return_index=True)
        return np.sort(first)

    def take(self, positions: Ids | Mask) -> Ranking:
        """Keep some of the passages, by position or by mask."""
        return Ranking(
            self.passages[positions],
            self.contents[positions],
            self.similarities[positions],
            self.deviations[positions],
        )


@dataclass(frozen=True, eq=False)
class Contest:
    """A meaning, and the passages that compete for it: those in scope."""

    meaning: Meaning
    scope: Scope
    vectors: VectorStore
    background: Callable[[Kind], Background]
    holding: Callable[[str], Matches]
    """Finds what holds words, as far as it makes a difference."""

    @cached_property
    def matches(self) -> Matches:
        """What holds the words of the meaning."""
        return self.holding(self.meaning.words)

    def nearest(self, wanted: int, search: Search) -> Ranking:
        """Rank the nearest passages of so many contents, or of all there are."""
        kinds = self.vectors.kinds(self.scope)
        return self._judge((kind, self._nearest(kind, wanted, search)) for kind in kinds)

    def matching(self) -> Ranking:
        """Rank the passages that hold words, and all of what is called by them."""
        return self.measure(self.matches.passages.ids, self.matches.contents.ids)

    def measure(self, passages: Ids = _NONE, contents: Ids = _NONE) -> Ranking:
        """Rank some passages, and all of some contents."""
        query, scope = self.meaning.vector, self.scope
        return self._judge(
            (kind, self.vectors.measure(kind, query, passages, contents, scope))
            for kind in self.vectors.kinds(scope)
        )

    def crowd(self) -> Crowd:
        """Gather all that compete, for judging how good a hit is."""
        kinds = self.vectors.kinds(self.scope)
        counts = [self.vectors.selection(kind, self.scope).count for kind in kinds]
        backgrounds = [self.background(kind) for kind in kinds]
        pairs = zip(backgrounds, counts, strict=True)
        return gather(self.meaning.vector, self.meaning.modality, pairs)

    def _nearest(self, kind: Kind, wanted: int, search: Search) -> Nearest:
        """Search deeper until the passages found belong to as many contents as are wanted."""
        depth = REACH if wanted <= REACH else wanted * DEPTH
        while True:
            nearest = search(kind, self.meaning.vector, depth, self.scope)
            if len(nearest.ids) < depth or len(np.unique(nearest.contents)) >= wanted:
                return nearest
            depth *= DEPTH

    def _judge(self, found: Iterable[tuple[Kind, Nearest]]) -> Ranking:
        rankings = [
            Ranking(
                near.ids,
                near.contents,
                near.similarities,
                self._scale(kind).deviations(near.similarities),
            )
            for kind, near in found
        ]
        return in_order(join(rankings))

    @cached_property
    def _scale(self) -> Callable[[Kind], Scale]:
        meaning = self.meaning
        return cache(lambda kind: self.background(kind).scale(meaning.vector, meaning.modality))


def join(rankings: Iterable[Ranking]) -> Ranking:
    """Put rankings behind each other, in no order."""
    parts = [_NOBODY, *rankings]
    return Ranking(
        np.concatenate([part.passages for part in parts]),
        np.concatenate([part.contents for part in parts]),
        np.concatenate([part.similarities for part in parts]),
        np.concatenate([part.deviations for part in parts]),
    )


def in_order(ranking: Ranking) -> Ranking:
    """Rank by deviation from chance; equals by passage, so that pages never overlap."""
    return ranking.take(np.lexsort((ranking.passages, -ranking.deviations)))


_NOBODY = Ranking(_NONE, _NONE, np.empty(0, np.float32), np.empty(0))
