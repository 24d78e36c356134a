"""Searching as a kind grows: milliseconds and recall from ten thousand rows to five million.

    python -m benchmarks.growth --vectors ../shared/data/clip-vectors --keep FOLDER --plot FILE.svg

One store takes in synthetic pictures and is asked with real texts, see ``benchmarks.synthetic``, at
every size: exactly, one by one and 64 together, and through lists once it has some. A row takes 4.6
kB in the folder. The plot needs matplotlib: pip install ".[plots]".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.synthetic import Shape, read_shape
from cli.progress import ProgressBar
from retrieval.catalog.records import Ids, Scope, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.vectors.selection import Search, search_exactly
from retrieval.vectors.store import VectorStore

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000, 5_000_000)
TUNING, QUERIES, TOGETHER, NEIGHBOURS = 100, 64, 64, 10
ROUNDS = 3
BATCH = 4096


class Growing:
    """Synthetic pictures in place of a catalog, kept in a file; more can be drawn."""

    def __init__(self, shape: Shape, file: Path, most: int) -> None:
        size = (most, shape.pictures.shape[1])
        self._vectors = np.lib.format.open_memmap(file, "w+", np.float32, size)
        self._stretches = shape.draw_pictures(most)
        self._drawn = self._size = 0

    def grow_to(self, size: int) -> None:
        """Draw until there are so many rows."""
        while self._drawn < size:
            stretch = next(self._stretches)
            self._vectors[self._drawn : self._drawn + len(stretch)] = stretch
            self._drawn += len(stretch)
        self._size = size

    def count(self, up_to: int) -> int:
        """Count the rows up to an id; ids begin with 1."""
        return min(up_to, self._size)

    def ids(self) -> Ids:
        """List all ids."""
        return np.arange(1, self._size + 1)

    def after(self, last: int) -> Iterator[StoredVectors]:
        """Read the rows with greater ids."""
        for start in range(last, self._size, BATCH):
            yield self.of(np.arange(start + 1, min(start + BATCH, self._size) + 1))

    def of(self, ids: Ids) -> StoredVectors:
        """Read some rows."""
        return StoredVectors(ids, np.full(len(ids), Kind.IMAGE.value), ids, self._vectors[ids - 1])


@dataclass(frozen=True, slots=True)
class Point:
    """One way of searching at one size."""

    way: str
    rows: int
    ms: float
    recall: float


@click.command()
@click.option("--vectors", "folder", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--keep", type=click.Path(path_type=Path), required=True, help="An empty folder.")
@click.option("--plot", type=click.Path(path_type=Path), help="Where to write the plot.")
@click.option("--most", type=int, default=max(SIZES), show_default=True)
def run(folder: Path, keep: Path, plot: Path | None, most: int) -> None:
    """Measure at every size, and print a line for each way."""
    shape = read_shape(folder)
    drawn = shape.draw_texts(TUNING + QUERIES)
    keep.mkdir(parents=True, exist_ok=True)
    source = Growing(shape, keep / "drawn.npy", most)
    store = VectorStore(keep, "benchmark", shape.pictures.shape[1], source)
    points = []
    for size in [size for size in SIZES if size <= most]:
        source.grow_to(size)
        store.save()
        with ProgressBar("Drawing up lists") as progress:
            store.approximate(lambda: drawn[:TUNING], progress)
        for point in measure(store, drawn[TUNING:]):
            points.append(point)
            click.echo(
                f"{point.way:18} {point.rows:9,} rows {point.ms:8.2f} ms {point.recall:7.2%}"
            )
        if plot is not None:
            draw(points, plot)


def measure(store: VectorStore, queries: Vectors) -> Iterator[Point]:
    """Answer the queries in every way."""
    scope = Scope.of(np.arange(1, len(store) + 1))
    among = store.selection(Kind.IMAGE, scope)

    def exactly(some: Vectors) -> list[Ids]:
        return [n.ids for n in search_exactly([Search(q, NEIGHBOURS, among) for q in some])]

    true, ms = best(exactly, queries, together=1)
    yield Point("exact, one by one", len(store), ms, 1.0)
    found, ms = best(exactly, queries, TOGETHER)
    yield Point(f"exact, {TOGETHER} together", len(store), ms, share(true, found))
    if store.indexes:
        found, ms = best(
            lambda some: [store.search(Kind.IMAGE, q, NEIGHBOURS, scope).ids for q in some],
            queries,
            together=1,
        )
        yield Point("lists, one by one", len(store), ms, share(true, found))


def best(
    search: Callable[[Vectors], list[Ids]], queries: Vectors, together: int
) -> tuple[list[Ids], float]:
    """Give what is found, and milliseconds a query in the best of some rounds."""
    parts = [queries[i : i + together] for i in range(0, len(queries), together)]
    least = np.inf
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = [ids for part in parts for ids in search(part)]
        least = min(least, 1000 * (time.perf_counter() - began) / len(queries))
    return found, least


def share(true: Sequence[Ids], found: Sequence[Ids]) -> float:
    """Give the share of the true ones that were found."""
    return float(
        np.mean([np.isin(one, other).mean() for one, other in zip(true, found, strict=True)])
    )


def draw(points: Sequence[Point], file: Path) -> None:
    """Plot milliseconds over recall, both against the size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    for way in dict.fromkeys(point.way for point in points):
        own = [point for point in points if point.way == way]
        rows = [point.rows for point in own]
        above.loglog(rows, [point.ms for point in own], marker="o", label=way)
        below.plot(rows, [100 * point.recall for point in own], marker="o")
    above.set_ylabel("milliseconds a query")
    above.legend(frameon=False)
    below.set_ylabel("of the ten nearest, %")
    below.set_xlabel("vectors of 512")
    below.set_ylim(95, 100.3)
    for axes in (above, below):
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(file)


if __name__ == "__main__":
    run()
