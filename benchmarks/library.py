"""A whole library of a million passages and more: opening it, and each stage of a search.

    python -m benchmarks.library --vectors ../shared/data/clip-vectors --rows 1000000 --keep DIR

The library is real but for its encoder: pictures are synthetic vectors, and queries are texts whose
vectors were recorded, so no time goes into encoding.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click
import numpy as np
from PIL.Image import Image

from benchmarks.synthetic import Shape, read_shape
from cli.progress import ProgressBar
from retrieval.encoders.protocol import Vectors
from retrieval.library import CATALOG, Library
from retrieval.media import Query, TextTerm

QUERIES = 100
MTIME = 1_700_000_000_000_000_000


class Recorded:
    """An encoder of texts that are numbers: the vectors of recorded ones."""

    name = "recorded"
    revision = "1"
    fingerprint = "recorded-1"
    text_window = 64

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.dim = shape.pictures.shape[1]

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Look up the vectors, of words that are no numbers by their place."""
        numbers = [int(t) if t.isdecimal() else i + 1000 for i, t in enumerate(texts)]
        return self._shape.texts[np.array(numbers) % len(self._shape.texts)]

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Refuse: nothing here is to be seen."""
        raise NotImplementedError(f"{len(images)} pictures")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count one for each."""
        return [1] * len(texts)

    def reference_images(self) -> Vectors:
        """Give the real pictures."""
        return self._shape.pictures[:256]

    def reference_texts(self) -> Vectors:
        """Give some of the texts that are not asked for."""
        return self._shape.texts[1200:1456]


def fill(library: Library, shape: Shape, rows: int) -> None:
    """Put synthetic pictures into a catalog, as the indexer would have."""
    with closing(sqlite3.connect(library.path / CATALOG)) as database, database:
        database.execute("INSERT INTO roots VALUES (1, '/synthetic')")
        start = 1
        for vectors in shape.draw_pictures(rows):
            numbers = range(start, start + len(vectors))
            database.executemany(
                "INSERT INTO contents (id, hash, kind, mime, size, title) "
                "VALUES (?, ?, 'image', 'image/jpeg', 1000, '')",
                ((n, f"{n:064x}") for n in numbers),
            )
            database.executemany(
                "INSERT INTO items (id, root_id, path, size, mtime_ns, missing, content_id) "
                "VALUES (?, 1, ?, 1000, ?, 0, ?)",
                ((n, f"{n // 1000:05}/{n:08}.jpg", MTIME, n) for n in numbers),
            )
            database.executemany(
                "INSERT INTO passages (id, content_id, ordinal, kind, text) "
                "VALUES (?, ?, 0, 'image', '')",
                ((n, n) for n in numbers),
            )
            database.executemany(
                "INSERT INTO vectors VALUES (?, ?)",
                ((n, v.tobytes()) for n, v in zip(numbers, vectors, strict=True)),
            )
            start += len(vectors)


def ask(library: Library, exact: bool) -> Iterator[tuple[str, float]]:
    """Search, and give the median milliseconds of each stage and of the whole."""
    spent = defaultdict(list)
    for number in range(QUERIES):
        answer = library.search(Query((TextTerm(str(number)),), exact=exact))
        spent["in all"].append(answer.took_ms)
        for stage in answer.stages:
            spent[stage.name].append(stage.ms)
    return ((name, statistics.median(times)) for name, times in spent.items())


@click.command()
@click.option("--vectors", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--rows", type=int, default=1_000_000, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), required=True, help="Where it is made.")
def run(folder: Path, rows: int, keep: Path) -> None:
    """Make the library if it is not there, open it, and search it."""
    shape = read_shape(folder)
    encoder = Recorded(shape)
    if not (keep / CATALOG).exists():
        with Library.open(keep, encoder) as library, ProgressBar("Making") as progress:
            fill(library, shape, rows)
            with library.write():
                library.keep(progress)
    began = time.perf_counter()
    with Library.open(keep, encoder) as library:
        library.search(Query((TextTerm("0"),), k=1))
        click.echo(f"opened, and answered a first query, in {time.perf_counter() - began:.2f} s")
        click.echo(f"{library.info().index}")
        for exact in (False, True):
            stages = ", ".join(f"{name} {ms:.2f}" for name, ms in ask(library, exact))
            click.echo(f"{'exact' if exact else 'lists'}: {stages} (median ms)")


if __name__ == "__main__":
    run()
