"""How much memory a first run takes, by how many files there are.

    python -m benchmarks.memory --files 1000 --files 10000 --files 100000

The files are small and distinct, in folders of a thousand: nine pictures (JPEG) for a text. All but
the encoder is what ``triptych index`` does; that is a resizing of the picture, since a real one
takes an hour for a hundred thousand and the same memory for each. Every run is a process of its own
that begins with an empty library.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np
from PIL import Image

from benchmarks.unchanged import DIM, FOLDER, Never
from indexer.run import index
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library

SIZE = (96, 64)
GRID = (6, 4)
TEXTS = 10
"""One file in so many is a text."""
WORDS = 200


class Cheap(Never):
    """Sees what a picture looks like from afar, and reads words by their hashes."""

    name, fingerprint = "cheap", "cheap-1"

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Resize each picture to as many numbers as a vector has."""
        seen = [np.asarray(image.resize((DIM // 12, 4)), np.float32).ravel() for image in images]
        return _unit(np.stack([np.resize(one - one.mean(), DIM) for one in seen]))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Draw a direction for each text."""
        drawn = [np.random.default_rng(abs(hash(text))).standard_normal(DIM) for text in texts]
        return _unit(np.stack(drawn))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a first run took."""

    files: int
    seconds: float
    before: float
    """Megabytes of the process with the library open."""
    most: float
    """Megabytes it had at most."""


def make_files(root: Path, count: int) -> None:
    """Make small pictures and texts, no two of them alike."""
    random = np.random.default_rng(count)
    for number in range(count):
        folder = root / f"{number // FOLDER:05}"
        if number % FOLDER == 0:
            folder.mkdir(parents=True)
        if number % TEXTS:
            grid = random.integers(0, 255, (*GRID[::-1], 3), np.uint8)
            picture = Image.fromarray(grid).resize(SIZE, Image.Resampling.BICUBIC)
            picture.save(folder / f"IMG_{number:07}.jpg", quality=80)
        else:
            words = " ".join(f"word{word}" for word in random.integers(0, 50_000, WORDS))
            (folder / f"note {number:07}.txt").write_text(f"Number {number}. {words}.")


def measure(directory: Path, root: Path, files: int) -> Measured:
    """Index the files into a new library."""
    with Library.open(directory, Cheap()) as library:
        before, began = _megabytes("VmRSS"), time.perf_counter()
        report = index(library, [root])
        seconds = time.perf_counter() - began
        assert (report.added, report.failures) == (files, ()), report
    return Measured(files, seconds, before, _megabytes("VmHWM"))


def _unit(rows: np.ndarray) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _megabytes(name: str) -> float:
    # Not getrusage: to that a process has been as large as the one that started it.
    [kilobytes] = re.findall(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(kilobytes) / 1024


def measure_all(counts: Sequence[int], scratch: Path) -> Iterator[Measured]:
    """Index folders of some sizes, each in a process of its own."""
    for count in counts:
        root = scratch / f"files-{count}"
        make_files(root, count)
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            task = apart.submit(measure, scratch / f"library-{count}", root, count)
            yield task.result()


@click.command()
@click.option("--files", "counts", type=int, multiple=True, default=(1_000, 10_000, 100_000))
@click.option("--scratch", type=click.Path(file_okay=False, path_type=Path), help="Where to work.")
def run(counts: tuple[int, ...], scratch: Path | None) -> None:
    """Measure first runs over folders of some sizes."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for measured in measure_all(counts, Path(folder)):
            click.echo(
                f"{measured.files:8,} files: {measured.most:6.0f} MB at most, "
                f"{measured.before:4.0f} MB before; "
                f"{measured.files / measured.seconds:6,.0f} files a second"
            )


if __name__ == "__main__":
    run()
