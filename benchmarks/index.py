"""Searching vectors: Triptych's exact and approximate ways beside FAISS's, in one run.

    python -m benchmarks.index --vectors ../shared/data/clip-vectors --rows 1000000

Rows are synthetic pictures and queries real texts, see ``benchmarks.synthetic``. Every way answers
the same queries. Times are milliseconds a query, and how many times faster that is than FAISS's
flat index with as many queries together; ids are compared with that index too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import click
import faiss
import numpy as np

from benchmarks.synthetic import read_shape
from cli.progress import ProgressBar
from retrieval.catalog.records import Ids, Scope, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.vectors.selection import Search, search_exactly
from retrieval.vectors.store import VectorStore

NEIGHBOURS = 10
TUNING = 100
BATCHES = (1, 8, 32, 64)
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """How one way fares; ``ratio`` is FAISS's flat time over this one."""

    way: str
    together: int
    ms: float
    ratio: float
    same_ids: float
    """The share of FAISS's ten nearest that were found."""


class Rows:
    """Synthetic pictures in place of a catalog."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors

    def count(self, up_to: int) -> int:
        """Count the rows up to an id; ids begin with 1."""
        return min(up_to, len(self.vectors))

    def ids(self) -> Ids:
        """List all ids."""
        return np.arange(1, len(self.vectors) + 1)

    def after(self, last: int) -> Iterator[StoredVectors]:
        """Read the rows with greater ids."""
        for start in range(last, len(self.vectors), 4096):
            yield self.of(np.arange(start + 1, min(start + 4096, len(self.vectors)) + 1))

    def of(self, ids: Ids) -> StoredVectors:
        """Read some rows."""
        return StoredVectors(ids, np.full(len(ids), Kind.IMAGE.value), ids, self.vectors[ids - 1])


class Contest:
    """Ways of searching that answer the same queries, the first of which is the measure."""

    def __init__(self, queries: Vectors) -> None:
        self._queries = queries
        self._true: list[set[int]] = []
        self._usual: dict[int, float] = {}

    def enter(self, way: str, together: int, search: Callable[[Vectors], list[Ids]]) -> Timing:
        """Time a way of searching, the best of some rounds, and compare what it finds."""
        parts = [self._queries[i : i + together] for i in range(0, len(self._queries), together)]
        best = np.inf
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = [ids for part in parts for ids in search(part)]
            best = min(best, 1000 * (time.perf_counter() - began) / len(self._queries))
        self._true = self._true or [set(ids.tolist()) for ids in found]
        usual = self._usual.setdefault(together, best)
        shares = [
            len(true & set(ids.tolist())) / NEIGHBOURS
            for true, ids in zip(self._true, found, strict=True)
        ]
        return Timing(way, together, best, usual / best, float(np.mean(shares)))


def compare(vectors: Vectors, tuning: Vectors, queries: Vectors, folder: Path) -> Iterator[Timing]:
    """Let every way answer the queries, one by one and in batches."""
    contest = Contest(queries)
    for index in faiss_indexes(vectors):
        for together in BATCHES:
            yield contest.enter(type(index).__name__, together, partial(_ask_faiss, index))
        del index
    ours = open_store(vectors, tuning, folder)
    for together in BATCHES:
        yield contest.enter("Triptych, exact", together, partial(ask_exactly, ours))
    if ours.indexes:
        yield contest.enter("Triptych, lists", 1, partial(ask, ours))


def faiss_indexes(vectors: Vectors) -> Iterator[faiss.Index]:
    """Make FAISS's exact index, and the one that keeps a byte a component."""
    dim, inner = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
    yield _filled(faiss.IndexFlatIP(dim), vectors)
    kind = faiss.ScalarQuantizer.QT_8bit
    yield _filled(faiss.IndexScalarQuantizer(dim, kind, inner), vectors)


def open_store(vectors: Vectors, tuning: Vectors, folder: Path) -> VectorStore:
    """Put the rows into a store; where they are many, it draws up lists."""
    ours = VectorStore(folder, "benchmark", vectors.shape[1], Rows(vectors))
    ours.save()
    with ProgressBar("Drawing up lists") as progress:
        ours.approximate(lambda: tuning, progress)
    return ours


def _filled(index: faiss.Index, vectors: Vectors) -> faiss.Index:
    index.train(vectors[:50_000])
    index.add(vectors)
    return index


def _ask_faiss(index: faiss.Index, queries: Vectors) -> list[Ids]:
    return [ids + 1 for ids in index.search(queries, NEIGHBOURS)[1]]


def ask_exactly(ours: VectorStore, queries: Vectors) -> list[Ids]:
    """Give the nearest of each query, exactly and together."""
    among = ours.selection(Kind.IMAGE, _everything(len(ours)))
    searches = [Search(query, NEIGHBOURS, among) for query in queries]
    return [near.ids for near in search_exactly(searches)]


def ask(ours: VectorStore, queries: Vectors) -> list[Ids]:
    """Give the nearest of each query, one by one, as the store finds them."""
    scope = _everything(len(ours))
    return [ours.search(Kind.IMAGE, query, NEIGHBOURS, scope).ids for query in queries]


@cache
def _everything(rows: int) -> Scope:
    return Scope.of(np.arange(1, rows + 1))


@click.command()
@click.option("--vectors", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--rows", type=int, default=1_000_000, show_default=True)
@click.option("--queries", "count", type=int, default=192, show_default=True)
def run(folder: Path, rows: int, count: int) -> None:
    """Compare ways of searching synthetic rows with real texts."""
    shape = read_shape(folder)
    drawn = shape.draw_texts(TUNING + count)
    vectors = np.concatenate(list(shape.draw_pictures(rows)))
    with tempfile.TemporaryDirectory() as scratch:
        for timing in compare(vectors, drawn[:TUNING], drawn[TUNING:], Path(scratch)):
            click.echo(
                f"{timing.way:22} {timing.together:3} together {timing.ms:8.2f} ms "
                f"{timing.ratio:6.1f} x  {timing.same_ids:7.2%} of the ten nearest"
            )


if __name__ == "__main__":
    run()
