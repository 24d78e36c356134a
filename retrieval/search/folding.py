"""Which contents of a ranking answer, and which stand behind them: near-duplicates fold together.

Ranks fold within stretches of STRETCH, each by itself. So a page depends on nothing below the
stretch that it ends in, nor on which page was asked for before it, and pages tile. Ranks from
FOLDED on stand for themselves: no page reads more sketches than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np

from retrieval.alike.fold import Fold, fold
from retrieval.alike.glimpse import take_glimpses
from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Ids
from retrieval.media import Filters, Item, Query
from retrieval.search.calibration import HEAD

STRETCH = HEAD
"""Ranks that fold together: as many as every ranking is known to."""

FOLDED = 16 * STRETCH

REMEMBERED = 8 * FOLDED // STRETCH
"""Stretches whose folds are kept, as pages of a ranking are asked for one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """The ranks that answer, in order, and what is folded into them."""

    ranks: Ids
    folded: dict[int, tuple[int, ...]]
    """For each rank that stands for others, theirs, in order."""

    def page(self, query: Query) -> Heads:
        """Keep those that a query asks for."""
        return Heads(self.ranks[query.offset : query.offset + query.k], self.folded)


class Folding:
    """Folds the rankings of one library; safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._folds = lru_cache(maxsize=REMEMBERED)(self._fold)

    def heads(self, contents: Ids, query: Query) -> Heads:
        """Find what answers a query, up to the end of its page, among the contents of a ranking.

        The ranking goes to its very end or is known to a whole number of stretches.
        """
        wanted = query.offset + query.k
        if not query.fold:
            return Heads(np.arange(min(wanted, len(contents))), {})
        version = self._catalog.version()
        ranks: list[int] = []
        folded: dict[int, tuple[int, ...]] = {}
        for start in range(0, min(len(contents), FOLDED), STRETCH):
            if len(ranks) >= wanted:
                break
            for one in self._folds(tuple(contents[start : start + STRETCH].tolist()), version):
                ranks.append(start + one.head)
                folded[start + one.head] = tuple(start + rank for rank in one.folded)
        rest = np.arange(FOLDED, min(len(contents), FOLDED + wanted))
        return Heads(np.concatenate([np.array(ranks, np.int64), rest])[:wanted], folded)

    def alike(self, heads: Heads, contents: Ids, filters: Filters) -> list[tuple[Item, ...]]:
        """Load the items folded into each of the ranks that answer, in order of rank."""
        ranks = [list(heads.folded.get(rank, ())) for rank in heads.ranks.tolist()]
        groups = [contents[group].tolist() for group in ranks]
        behind = {content for group in groups for content in group}
        files = self._catalog.first_files(behind, filters) if behind else {}
        return [tuple(files[content] for content in group if content in files) for group in groups]

    def glimpses(self, contents: Ids) -> list[bytes]:
        """Say what each content looks like at a glimpse, which is nothing for most but pictures."""
        glimpses = take_glimpses(self._catalog.sketches.of(contents.tolist()))
        return [glimpses.get(content, b"") for content in contents.tolist()]

    def _fold(self, contents: tuple[int, ...], _version: int) -> tuple[Fold, ...]:
        known = self._catalog.sketches.of(contents)
        return fold([known.get(content) for content in contents])


def depth_for(wanted: int) -> int:
    """Give how many contents to rank for so many to answer, if none is folded."""
    return max(1, ceil(wanted / STRETCH)) * STRETCH


def deeper(depth: int, wanted: int, found: int) -> int:
    """Give how many to rank where so few answer: as many times more, if the rest is like these."""
    return depth_for(max(depth + 1, depth * wanted // max(1, found)))
