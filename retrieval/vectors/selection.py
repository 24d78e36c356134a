"""Which rows of a shelf a search may find, and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.catalog.records import Ids, Scope
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.block import Mask
from retrieval.vectors.scan import Wanted, measure, scan
from retrieval.vectors.shelf import Shelf

FEW = 1 / 64
"""The share of a shelf below which rows are picked out rather than all looked at."""


@dataclass(frozen=True, eq=False)
class Selection:
    """Some rows of a shelf."""

    shelf: Shelf
    mask: Mask

    @cached_property
    def count(self) -> int:
        """How many rows they are."""
        return int(np.count_nonzero(self.mask))

    @cached_property
    def parts(self) -> Sequence[Mask | None]:
        """A mask for each block of the shelf, or None where every row is chosen."""
        if self.count == len(self.shelf):
            return [None] * len(self.shelf.blocks)
        return self.shelf.split(self.mask)

    @property
    def is_few(self) -> bool:
        """Tell whether the rows are better picked out than looked for."""
        return self.count < FEW * len(self.shelf)

    def after(self, last: int) -> Selection:
        """Choose the same of the rows with greater ids."""
        shelf = self.shelf.after(last)
        return Selection(shelf, self.mask[len(self.shelf) - len(shelf) :])


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Passages, best first, with their contents and cosines; the arrays run in parallel.

    What an approximate search overlooked comes last, with no more than the last cosine it found.
    """

    ids: Ids
    contents: Ids
    similarities: Vectors

    def first(self, k: int) -> Nearest:
        """Keep the k best."""
        return Nearest(self.ids[:k], self.contents[:k], self.similarities[:k])

    def among(self, others: Nearest) -> Nearest:
        """Put others in between, best first, those alike in order of id."""
        ids = np.concatenate([self.ids, others.ids])
        contents = np.concatenate([self.contents, others.contents])
        cosines = np.concatenate([self.similarities, others.similarities])
        order = np.lexsort((ids, -cosines))
        return Nearest(ids[order], contents[order], cosines[order])


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """A vector, [dim] of unit length, to find the k nearest rows to."""

    query: Vectors
    k: int
    among: Selection


def select(shelf: Shelf, scope: Scope) -> Selection:
    """Choose the rows whose content is in scope."""
    return Selection(shelf, shelf.mask(scope.holds))


def present(shelves: Sequence[Shelf], scope: Scope) -> Mask:
    """Give a mask of the contents in scope that have a row on some shelf."""
    found = np.zeros_like(scope.holds)
    for shelf in shelves:
        found[shelf.contents[shelf.mask(scope.holds)]] = True
    return found


def search_exactly(searches: Sequence[Search]) -> list[Nearest]:
    """Answer searches together: those of one shelf cost hardly more than one of them."""
    answers: dict[Search, Nearest] = {}
    by_shelf: dict[Shelf, list[Search]] = {}
    for search in searches:
        if search.among.is_few:
            positions = np.flatnonzero(search.among.mask)
            answers[search] = _pick(search.among.shelf, positions, search.query).first(search.k)
        else:
            by_shelf.setdefault(search.among.shelf, []).append(search)
    for shelf, of_shelf in by_shelf.items():
        wanted = [Wanted(s.query, s.k, s.among.parts) for s in of_shelf]
        for search, (ids, values) in zip(of_shelf, scan(shelf.blocks, wanted), strict=True):
            answers[search] = Nearest(ids, shelf.contents[shelf.find(ids)[0]], values)
    return [answers[search] for search in searches]


def measure_rows(among: Selection, query: Vectors, ids: Ids, contents: Ids) -> Nearest:
    """Find the rows of a selection that are of some passages or contents, best first."""
    shelf = among.shelf
    chosen = shelf.mask(Scope.of(contents).holds) if len(contents) else np.zeros_like(among.mask)
    chosen[shelf.find(ids)[0]] = True
    return _pick(shelf, np.flatnonzero(chosen & among.mask), query)


def _pick(shelf: Shelf, positions: Ids, query: Vectors) -> Nearest:
    cosines = measure(shelf.at(positions), query)
    order = np.lexsort((positions, -cosines))
    chosen = positions[order]
    return Nearest(shelf.ids[chosen], shelf.contents[chosen], cosines[order])
