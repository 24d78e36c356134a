"""A second run over files that have not changed: how many a second, and in how much memory.

    python -m benchmarks.unchanged --files 100000

The files are empty and lie in folders of a thousand, in a temporary folder; the catalog holds them
as if they had been read, each with a passage, a vector and a sketch. The run is that of ``triptych
index``, in a process of its own; the system has the folders in memory, since they were just made.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np
from PIL.Image import Image

from indexer.run import index
from indexer.walk import walk
from retrieval.catalog.records import FoundFile, NewContent
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from retrieval.media import Content, Kind, Passage

DIM = 512
FOLDER = 1000
ROUNDS = 3


class Never:
    """An encoder that has nothing to do."""

    name, revision, fingerprint, dim, text_window = "never", "1", "never-1", DIM, 64

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Give the same for every text."""
        return np.full((len(texts), DIM), DIM**-0.5, np.float32)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Refuse: no file has changed."""
        raise NotImplementedError(f"{len(images)} pictures")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count one for each."""
        return [1] * len(texts)

    def reference_images(self) -> Vectors:
        """Give none."""
        return np.empty((0, DIM), np.float32)

    def reference_texts(self) -> Vectors:
        """Give none."""
        return np.empty((0, DIM), np.float32)


@dataclass(frozen=True, slots=True)
class Measured:
    """What runs over unchanged files took."""

    files: int
    walk_seconds: float
    run_seconds: float
    megabytes: float
    """What the process grew by, from the opened library to the most it needed."""


def make_files(root: Path, count: int) -> None:
    """Make empty files in folders."""
    for number in range(count):
        folder = root / f"{number // FOLDER:05}"
        if number % FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number:07}.jpg").touch()


def fill(library: Library, root: Path) -> None:
    """Put the files into the catalog as if they had been read."""
    random = np.random.default_rng(1)
    batch: list[NewContent] = []
    with library.write() as writer:
        for met in walk(root):
            assert isinstance(met, FoundFile)
            vector = random.standard_normal((1, DIM)).astype(np.float32)
            digest = sha256(met.path.encode()).hexdigest()
            content = Content(digest, Kind.IMAGE, "image/jpeg", 1, width=4000, height=3000)
            passages = (Passage(Kind.IMAGE),)
            batch.append(NewContent(met, content, passages, vector / np.linalg.norm(vector)))
            if len(batch) == FOLDER:
                writer.add(writer.root(root), batch)
                batch.clear()
        writer.add(writer.root(root), batch)
        writer.sketch([(missing.content, b"") for missing in library.catalog.sketches.missing()])


def measure(directory: Path, root: Path) -> Measured:
    """Run over the files some times, and keep the best."""
    walks, runs = [], []
    with Library.open(directory, Never()) as library:
        before = _most_megabytes()
        for _ in range(ROUNDS):
            began = time.perf_counter()
            files = sum(1 for _ in walk(root))
            walks.append(time.perf_counter() - began)
            began = time.perf_counter()
            report = index(library, [root])
            runs.append(time.perf_counter() - began)
            assert report.unchanged == files, report
    return Measured(files, min(walks), min(runs), _most_megabytes() - before)


def _most_megabytes() -> float:
    # Not getrusage: to that a process has been as large as the one that started it.
    [most] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(most) / 1024


def measure_all(counts: Sequence[int], scratch: Path) -> Iterator[Measured]:
    """Make libraries of some sizes, and run over each in a process of its own."""
    for count in counts:
        root, directory = scratch / f"files-{count}", scratch / f"library-{count}"
        make_files(root, count)
        with Library.open(directory, Never()) as library:
            fill(library, root)
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            yield apart.submit(measure, directory, root).result()


@click.command()
@click.option("--files", "counts", type=int, multiple=True, default=(1_000, 10_000, 100_000))
def run(counts: tuple[int, ...]) -> None:
    """Measure second runs over libraries of some sizes."""
    with tempfile.TemporaryDirectory() as scratch:
        for measured in measure_all(counts, Path(scratch)):
            click.echo(
                f"{measured.files:8,} files: "
                f"{measured.files / measured.walk_seconds:8,.0f} a second walked, "
                f"{measured.files / measured.run_seconds:8,.0f} a second in a whole run of "
                f"{measured.run_seconds:.2f} s, {measured.megabytes:.1f} MB"
            )


if __name__ == "__main__":
    run()
