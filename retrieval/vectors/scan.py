"""Exact search at the speed of memory: a first look at the bytes, a second at the vectors.

On a block's grid, let a query be q and a row x, with bytes q̂ and x̂. Their inner product differs
from that of the bytes by at most |q̂|·|x − x̂| + |q − q̂|·|x| (Cauchy and Schwarz). All these lengths
are known. Rounding errors point nowhere in particular, so in d dimensions the difference is almost
always √d times smaller; SIGMAS times that is allowed for, and every row that could then be among
the k best is measured again in float64. The answer is that of a full float32 search, row for row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
import simsimd

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.block import Block, Mask
from retrieval.vectors.grid import Codes, quantise
from retrieval.vectors.products import MOST, find_near

STRETCH = 32_768
"""Rows that one thread looks at between two other things: their sums stay in its cache."""

MANY = 6
"""Queries from which a matrix product is faster than reading the bytes for each."""

SIGMAS = 7
"""Standard deviations of the difference that are allowed for: more happens once in 10¹² rows."""

ROUNDING = 1e-5
"""More than a float32 sum of a few thousand products can be wrong by, for unit vectors."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """A search: the vector, [dim] of unit length, how many, and which rows of each block."""

    query: Vectors
    k: int
    allowed: Sequence[Mask | None]
    """A mask for each block, or None for all its rows."""


class Shortlist:
    """The rows that may still be among the k best of one search."""

    def __init__(self, k: int) -> None:
        self.floor = -np.inf
        """What the k-th best similarity is at least."""
        self._k = k
        self._least = np.empty(0, np.float32)
        self._found = [(np.empty(0, np.int64), self._least, self._least)]
        self._turn = Lock()

    def take_in(self, positions: Ids, middle: Vectors, slack: Vectors) -> None:
        """Consider rows whose similarity lies within ``slack`` of ``middle``."""
        least, most = _largest(middle - slack, self._k), middle + slack
        with self._turn:
            self._least = _largest(np.concatenate([self._least, least]), self._k)
            if len(self._least) == self._k:
                self.floor = float(self._least.min())
            kept = most >= self.floor
            self._found.append((positions[kept], middle[kept], most[kept]))

    def settle(self, block: Block, query: Vectors) -> tuple[Ids, Vectors]:
        """Measure what may be among the k best: (passage ids, similarities), in no order."""
        positions, middle, most = (
            np.concatenate(found) for found in zip(*self._found, strict=True)
        )
        first = (
            np.argpartition(-middle, self._k)[: self._k] if len(middle) > self._k else slice(None)
        )
        sure = measure(block.vectors[positions[first]], query)
        # The k that look best have shown how good the k-th is: few others can still be as good.
        most[first] = -np.inf
        rest = positions[most >= max(self.floor, sure.min(initial=np.inf))]
        others = measure(block.vectors[rest], query)
        found = np.concatenate([positions[first], rest])
        return block.ids[found], np.concatenate([sure, others])


def scan(blocks: Sequence[Block], searches: Sequence[Wanted]) -> list[tuple[Ids, Vectors]]:
    """Find the k nearest rows for each search: (passage ids, similarities), best first.

    Equal similarities come in order of passage id, so that the order never depends on k.
    """
    found: list[list[tuple[Ids, Vectors]]] = [[] for _ in searches]
    for number, block in enumerate(blocks):
        shortlists = [Shortlist(search.k) for search in searches]
        look = _Look(block, searches, [search.allowed[number] for search in searches], shortlists)
        for _ in _threads().map(look.at, _stretches(block)):
            pass
        for search, shortlist, answers in zip(searches, shortlists, found, strict=True):
            answers.append(shortlist.settle(block, search.query))
    return [_best(answers, search.k) for answers, search in zip(found, searches, strict=True)]


class _Look:
    """The first look at a block, for all searches at once."""

    def __init__(
        self,
        block: Block,
        searches: Sequence[Wanted],
        masks: Sequence[Mask | None],
        shortlists: Sequence[Shortlist],
    ) -> None:
        self._block, self._masks, self._shortlists = block, masks, shortlists
        queries = np.stack([search.query for search in searches])
        self._centres = queries.astype(np.float64) @ block.grid.centre.astype(np.float64)
        placed = queries * block.grid.steps
        are_many = len(searches) >= MANY
        self._codes, self._scales = quantise(placed, MOST) if are_many else quantise(placed)
        rounded = self._codes * self._scales[:, None]
        usual = min(1, SIGMAS / np.sqrt(queries.shape[1]))
        self._lengths = usual * np.linalg.norm(rounded, axis=1)
        self._errors = usual * np.linalg.norm(placed - rounded, axis=1)
        self._find_near = find_near if are_many else _find_near_few

    def at(self, rows: slice) -> None:
        """Look at a stretch of rows, and put those that may be among the best on the shortlists."""
        codes, scales = self._block.codes[rows], self._block.scales[rows]
        places, products = self._find_near(codes, scales, self._codes, self._least(rows))
        for n, found in _of_each(len(self._shortlists), places):
            positions, mask = places[found] // len(self._shortlists) + rows.start, self._masks[n]
            if mask is not None:
                found, positions = found[mask[positions]], positions[mask[positions]]
            middle = products[found] * self._scales[n] + np.float32(self._centres[n])
            self._shortlists[n].take_in(positions, middle, self._slack(positions, n))

    def _least(self, rows: slice) -> Vectors:
        """Say from which product on a row of a stretch may be among the best of each search."""
        error, length = self._block.errors[rows].max(), self._block.lengths[rows].max()
        slack = error * self._lengths + length * self._errors + ROUNDING
        floors = np.array([shortlist.floor for shortlist in self._shortlists])
        least: Vectors = ((floors - self._centres - slack) / self._scales).astype(np.float32)
        return least

    def _slack(self, positions: Ids, n: int) -> Vectors:
        errors, lengths = self._block.errors[positions], self._block.lengths[positions]
        slack: Vectors = errors * self._lengths[n] + lengths * self._errors[n] + ROUNDING
        return slack


def _find_near_few(
    codes: Codes, scales: Vectors, queries: Codes, least: Vectors
) -> tuple[Ids, Vectors]:
    """Do as ``find_near`` does, for a few queries."""
    sums = np.asarray(simsimd.cdist(codes, queries, metric="dot", out_dtype="float32"))
    products = sums * scales[:, None]
    found = np.flatnonzero(products >= least)
    return found, products.ravel()[found]


def _of_each(queries: int, places: Ids) -> Iterator[tuple[int, Ids]]:
    """Give for each query that has any which of the places, row * queries + query, are its."""
    of = (places % queries).astype(np.uint16)
    counts = np.bincount(of, minlength=queries)
    shares = np.split(np.argsort(of, kind="stable"), np.cumsum(counts)[:-1])
    yield from ((n, share) for n, share in enumerate(shares) if len(share))


def _stretches(block: Block) -> Iterator[slice]:
    """Part a block's rows: into short stretches at first, since these find out the floors."""
    start, rows = 0, STRETCH // 8
    while start < len(block):
        yield slice(start, min(start + rows, len(block)))
        start, rows = start + rows, min(2 * rows, STRETCH)


def _largest(values: Vectors, k: int) -> Vectors:
    return values if len(values) <= k else np.partition(values, len(values) - k)[-k:]


def measure(vectors: Vectors, query: Vectors) -> Vectors:
    """Give the cosines of rows, [n, dim], to the last bit the same whatever rows are beside."""
    products = vectors.astype(np.float64) @ query.astype(np.float64)
    return products.astype(np.float32)


def _best(answers: list[tuple[Ids, Vectors]], k: int) -> tuple[Ids, Vectors]:
    ids = np.concatenate([ids for ids, _ in answers] or [np.empty(0, np.int64)])
    values = np.concatenate([values for _, values in answers] or [np.empty(0, np.float32)])
    order = np.lexsort((ids, -values))[:k]
    return ids[order], values[order]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), "scan")
