"""Searching as a kind grows: milliseconds and recall from ten thousand rows to five million.

    python -m benchmarks.growth --vectors ../shared/data/clip-vectors --keep FOLDER --plot FILE.svg

One store takes in synthetic pictures and is asked with real texts, see ``benchmarks.synthetic``, at
every size: exactly, one by one and 64 together, and through lists once it has some. A row takes 4.6
kB in the folder. The plot needs matplotlib: pip install ".[plots]".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import numpy as np

from benchmarks.index import TUNING, Contest, Rows, Timing, ask, ask_exactly
from benchmarks.synthetic import Shape, read_shape
from cli.progress import ProgressBar
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.store import VectorStore

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000, 5_000_000)
QUERIES = TOGETHER = 64


class Growing(Rows):
    """Synthetic pictures in place of a catalog, kept in a file; more can be drawn."""

    def __init__(self, shape: Shape, file: Path, most: int) -> None:
        size = (most, shape.pictures.shape[1])
        self._file = np.lib.format.open_memmap(file, "w+", np.float32, size)
        self._stretches = shape.draw_pictures(most)
        self._drawn = 0
        super().__init__(self._file[:0])

    def grow_to(self, size: int) -> None:
        """Draw until there are so many rows."""
        while self._drawn < size:
            stretch = next(self._stretches)
            self._file[self._drawn : self._drawn + len(stretch)] = stretch
            self._drawn += len(stretch)
        self.vectors = self._file[:size]


@dataclass(frozen=True, slots=True)
class Point:
    """One way of searching at one size."""

    rows: int
    timing: Timing


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
        for timing in measure(store, drawn[TUNING:]):
            points.append(Point(size, timing))
            way, ms, recall = timing.way, timing.ms, timing.same_ids
            click.echo(f"{way:18} {size:9,} rows {ms:8.2f} ms {recall:7.2%}")
        if plot is not None:
            draw(points, plot)


def measure(store: VectorStore, queries: Vectors) -> Iterator[Timing]:
    """Answer the queries in every way."""
    contest = Contest(queries)
    yield contest.enter("exact, one by one", 1, partial(ask_exactly, store))
    yield contest.enter(f"exact, {TOGETHER} together", TOGETHER, partial(ask_exactly, store))
    if store.indexes:
        yield contest.enter("lists, one by one", 1, partial(ask, store))


def draw(points: Sequence[Point], file: Path) -> None:
    """Plot milliseconds over recall, both against the size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    for way in dict.fromkeys(point.timing.way for point in points):
        own = [point for point in points if point.timing.way == way]
        rows = [point.rows for point in own]
        above.loglog(rows, [point.timing.ms for point in own], marker="o", label=way)
        below.plot(rows, [100 * point.timing.same_ids for point in own], marker="o")
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
