"""A run that is stopped loses at most its batch, and the next one completes it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.run import index
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from tests.fakes import FakeEncoder

FILES = 120
ROWS = """
SELECT items.path, contents.hash, passages.ordinal, passages.text, vectors.data
FROM items JOIN contents ON contents.id = items.content_id AND NOT items.missing
LEFT JOIN passages ON passages.content_id = contents.id
LEFT JOIN vectors ON vectors.passage_id = passages.id ORDER BY items.path, passages.ordinal
"""
SLOW_RUN = """
import sys, time
from pathlib import Path
from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder

class Slow(FakeEncoder):
    def encode_images(self, images):
        time.sleep(0.5)
        return super().encode_images(images)

index(Library.open(Path(sys.argv[1]), Slow()), [Path(sys.argv[2])])
"""


@pytest.fixture
def album(media: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 255, (FILES, 8, 8, 3), np.uint8)
    for number, grid in enumerate(pixels):
        Image.fromarray(grid).save(media / f"{number:03}.png")
    return media


def rows(library: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(library / "catalog.sqlite")
    try:
        return connection.execute(ROWS).fetchall()
    finally:
        connection.close()


def uninterrupted(folder: Path, album: Path) -> list[tuple[object, ...]]:
    with Library.open(folder, FakeEncoder()) as library:
        index(library, [album])
    return rows(folder)


class Stopped(FakeEncoder):
    """Someone presses Ctrl-C while the third batch is encoded."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        if self.images_encoded == 64:
            self.images_encoded += 1
            raise KeyboardInterrupt
        return super().encode_images(images)


def test_an_interrupted_run_says_so_and_is_continued(tmp_path: Path, album: Path) -> None:
    encoder = Stopped()
    with Library.open(tmp_path / "stopped", encoder) as library:
        first = index(library, [album])
        assert first.interrupted and first.added == 64 and first.removed == 0
        second = index(library, [album])
    assert (second.interrupted, second.added, second.unchanged) == (False, FILES - 64, 64)
    assert rows(tmp_path / "stopped") == uninterrupted(tmp_path / "whole", album)


def test_a_killed_run_is_continued(tmp_path: Path, album: Path) -> None:
    folder = tmp_path / "killed"
    run = subprocess.Popen([sys.executable, "-c", SLOW_RUN, str(folder), str(album)])
    deadline = time.monotonic() + 60
    while _kept(folder) < 32 and time.monotonic() < deadline and run.poll() is None:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept = _kept(folder)
    assert 32 <= kept < FILES
    with Library.open(folder, FakeEncoder()) as library:
        report = index(library, [album])
        assert (report.added, report.unchanged) == (FILES - kept, kept)
        assert library.info().index.vectors == FILES
    assert rows(folder) == uninterrupted(tmp_path / "whole", album)


def _kept(folder: Path) -> int:
    try:
        return len(rows(folder))
    except sqlite3.OperationalError:
        return 0
