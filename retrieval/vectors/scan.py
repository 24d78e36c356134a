"""Exact search at the speed of memory: a first look at the bytes, a second at the vectors.

For a query q and a row x with bytes x̂, the inner product differs from that of the bytes by at most
|q̂|·|x − x̂| + |q − q̂|·|x| (Cauchy and Schwarz). Both lengths are known. Rounding errors point
nowhere in particular, so in d dimensions the difference is almost always √d times smaller; SIGMAS
times that is allowed for, and every row that could then be among the k best is measured again in
float64. The answer is that of a full float32 search, row for row. A few queries read the bytes, a
quarter of the memory; many at once are a matrix product, which then costs less than reading.
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
from retrieval.vectors.block import Block, Mask, quantise

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
    look = _Look(searches)
    found: list[list[tuple[Ids, Vectors]]] = [[] for _ in searches]
    for number, block in enumerate(blocks):
        shortlists = [Shortlist(search.k) for search in searches]
        masks = [search.allowed[number] for search in searches]
        tasks = [(block, rows, masks, shortlists) for rows in _stretches(block)]
        for _ in _threads().map(look.at, tasks):
            pass
        for search, shortlist, answers in zip(searches, shortlists, found, strict=True):
            answers.append(shortlist.settle(block, search.query))
    return [_best(answers, search.k) for answers, search in zip(found, searches, strict=True)]


Task = tuple[Block, slice, list[Mask | None], list[Shortlist]]


class _Look:
    """The first look at a stretch of rows, for all searches at once."""

    def __init__(self, searches: Sequence[Wanted]) -> None:
        self._queries = np.stack([search.query for search in searches])
        self._codes, self._scales = quantise(self._queries)
        rounded = self._codes * self._scales[:, None]
        usual = min(1, SIGMAS / np.sqrt(self._queries.shape[1]))
        self._lengths = usual * np.linalg.norm(rounded, axis=1)
        self._errors = usual * np.linalg.norm(self._queries - rounded, axis=1)

    def at(self, task: Task) -> None:
        block, rows, masks, shortlists = task
        looked = self._products(block, rows) if len(masks) >= MANY else self._rounded(block, rows)
        for mask, shortlist, (middle, slack) in zip(masks, shortlists, looked, strict=True):
            near = middle >= np.float32(shortlist.floor - slack.max())
            if mask is not None:
                near &= mask[rows]
            kept = np.flatnonzero(near)
            if len(kept):
                shortlist.take_in(kept + rows.start, middle[kept], slack[kept])

    def _products(self, block: Block, rows: slice) -> Iterator[tuple[Vectors, Vectors]]:
        slack = np.full(rows.stop - rows.start, ROUNDING, np.float32)
        for products in self._queries @ block.vectors[rows].T:
            yield products, slack

    def _rounded(self, block: Block, rows: slice) -> Iterator[tuple[Vectors, Vectors]]:
        sums = simsimd.cdist(self._codes, block.codes[rows], metric="dot", out_dtype="float32")
        for row, scale, length, error in zip(
            np.asarray(sums), self._scales, self._lengths, self._errors, strict=True
        ):
            yield row * block.scales[rows] * scale, block.errors[rows] * length + (error + ROUNDING)


def _stretches(block: Block) -> list[slice]:
    starts = range(0, len(block), STRETCH)
    return [slice(start, min(start + STRETCH, len(block))) for start in starts]


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
