"""Searching on GPUs beside the processor, in one run, asked as a server is: by threads.

    python -m benchmarks.gpu --vectors ../shared/data/clip-vectors --rows 1000000

Rows are synthetic pictures and queries real texts, see ``benchmarks.synthetic``. Both ways answer
the same queries, with the same vectors, from the same files; times are milliseconds a query, and
how many times faster that is than the processor with as many threads. Ids are compared as well:
they are to be the same, all of them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np

from benchmarks.index import NEIGHBOURS, Contest, Rows, Timing
from benchmarks.synthetic import read_shape
from retrieval.catalog.records import Ids, Scope
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.vectors import mirrors
from retrieval.vectors.gpu import Gpus, find_gpus
from retrieval.vectors.store import VectorStore

THREADS = (1, 8, 32, 64)


def compare(vectors: Vectors, queries: Vectors, folder: Path, gpus: Gpus) -> Iterator[Timing]:
    """Let the processor answer the queries, then the GPUs, by one thread and by several."""
    source, dim = Rows(vectors), vectors.shape[1]
    VectorStore(folder, "benchmark", dim, source, lambda: None).save()
    contest = Contest(queries)
    for way, found in (("processor", None), ("GPU", gpus)):
        store = VectorStore(folder, "benchmark", dim, source, lambda found=found: found)
        if found is not None:
            copy_rows(store, queries[0])
        for threads in THREADS:
            with ThreadPoolExecutor(threads) as pool:
                yield contest.enter(way, threads, Asking(store, pool))


class Asking:
    """Puts some queries to a store at once."""

    def __init__(self, store: VectorStore, pool: ThreadPoolExecutor) -> None:
        self._store = store
        self._pool = pool
        self._scope = Scope.of(np.arange(1, len(store) + 1))

    def __call__(self, queries: Vectors) -> list[Ids]:
        """Find the nearest of each query, [n, dim]."""
        return list(self._pool.map(self._ask, queries))

    def _ask(self, query: Vectors) -> Ids:
        return self._store.search_exactly(Kind.IMAGE, query, NEIGHBOURS, self._scope).ids


def copy_rows(store: VectorStore, query: Vectors) -> None:
    """Search until the GPUs hold the rows, and say how long they took to copy, and where they lie.

    Raise ClickException if the GPUs do not take them.
    """
    began = time.perf_counter()
    scope = Scope.of(np.arange(1, len(store) + 1))
    for _ in range(mirrors.ASKED):
        store.search_exactly(Kind.IMAGE, query, NEIGHBOURS, scope)
    asked = time.perf_counter()
    store.mirrors.settle()
    if not store.mirrors.placements:
        raise click.ClickException(store.notice or "There are too few rows for a copy.")
    click.echo(
        f"{store.mirrors.placements[Kind.IMAGE]}, copied within "
        f"{time.perf_counter() - began:.2f} s, {time.perf_counter() - asked:.2f} s of it after "
        f"the {mirrors.ASKED} searches that led to it"
    )


@click.command()
@click.option("--vectors", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--rows", type=int, default=1_000_000, show_default=True)
@click.option("--queries", "count", type=int, default=192, show_default=True)
def run(folder: Path, rows: int, count: int) -> None:
    """Compare the processor and the GPUs over synthetic rows, asked with real texts."""
    gpus = find_gpus()
    if gpus is None:
        raise click.ClickException("FAISS sees no GPU on this machine, or TRIPTYCH_GPU is off.")
    shape = read_shape(folder)
    vectors = np.concatenate(list(shape.draw_pictures(rows)))
    with tempfile.TemporaryDirectory() as scratch:
        for timing in compare(vectors, shape.draw_texts(count), Path(scratch), gpus):
            click.echo(
                f"{timing.way:10} {timing.together:3} threads {timing.ms:8.2f} ms "
                f"{timing.ratio:6.1f} x  {timing.same_ids:7.2%} of the ten nearest"
            )


if __name__ == "__main__":
    run()
