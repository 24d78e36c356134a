"""SIGKILL at fifty instants of real runs: what is gone on with ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from retrieval.media import Query, TextTerm
from tests.fakes import COLOURS, FakeEncoder, FakeTranscriber
from tests.films import film
from tests.indexer.conftest import print_pages, record

KILLS = 50
QUERIES = ("red", "a recording of 2 seconds", "word 7 of text 3", "蓝")
ROWS = """
SELECT items.path, items.missing, items.failure, contents.hash, contents.kind, passages.ordinal,
       passages.kind, passages.text, passages.page, passages.start, passages.end, vectors.data
FROM items LEFT JOIN contents ON contents.id = items.content_id
LEFT JOIN passages ON passages.content_id = contents.id
LEFT JOIN vectors ON vectors.passage_id = passages.id ORDER BY items.path, passages.ordinal
"""
ORPHANS = """
SELECT (SELECT count(*) FROM passages LEFT JOIN vectors ON passage_id = id WHERE data IS NULL)
     + (SELECT count(*) FROM contents LEFT JOIN items ON content_id = contents.id
        WHERE items.id IS NULL)
"""
PROGRAM = """
import json, os, signal, sys, time
from pathlib import Path
import av, pypdfium2, lxml.etree, sqlalchemy
from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber

media = Path(sys.argv[1])
for line in sys.stdin:
    folder, seconds = json.loads(line)
    begun = time.monotonic()
    child = os.fork()
    if not child:
        with Library.open(Path(folder), FakeEncoder(), FakeTranscriber()) as library:
            index(library, [media])
        os._exit(0)
    ended = 0
    while not ended and (seconds is None or time.monotonic() - begun < seconds):
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)
    if not ended:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), time.monotonic() - begun]), flush=True)
"""


class Runs:
    """Index runs in processes of their own, of which each may be killed."""

    def __init__(self, media: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, str(media)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._program = subprocess.Popen(command, text=True, **pipes)

    def run(self, library: Path, seconds: float | None = None) -> tuple[int, float]:
        """Run to the end or until so many seconds have gone by; give the status and the time."""
        assert self._program.stdin is not None and self._program.stdout is not None
        print(json.dumps([str(library), seconds]), file=self._program.stdin, flush=True)
        status, took = json.loads(self._program.stdout.readline())
        return status, took

    def close(self) -> None:
        """End the program that starts them."""
        self._program.communicate()


@pytest.fixture
def everything(media: Path) -> Path:
    """One of each: pictures, copies, texts, pages, a recording, a film, and what is broken."""
    pixels = np.random.default_rng(1).integers(0, 255, (60, 8, 8, 3), np.uint8)
    for number, grid in enumerate(pixels):
        Image.fromarray(grid).save(media / f"{number:02}.png")
    for colour in COLOURS:
        Image.new("RGB", (20, 20), colour).save(media / f"{colour}.png")
        shutil.copy(media / f"{colour}.png", media / f"{colour} again.png")
    for number in range(8):
        words = " ".join(f"word {word} of text {number}." for word in range(120))
        (media / f"{number}.txt").write_text(words)
    print_pages(media / "pages.pdf", "The first page.", "The second page.")
    record(media / "sound.wav", 2.0)
    film(media / "film.mp4", ["red", "blue"], 1.5, tone=True)
    (media / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    return media


def rows(library: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(library / "catalog.sqlite")
    try:
        assert connection.execute(ORPHANS).fetchone() == (0,)
        return connection.execute(ROWS).fetchall()
    finally:
        connection.close()


def answers(library: Path) -> list[list[tuple[str, float | None]]]:
    with Library.open_existing(library, FakeEncoder()) as opened:
        found = [opened.search(Query((TextTerm(words),), k=30)).hits for words in QUERIES]
        assert opened.info().index.vectors == opened.info().passages
    return [[(hit.item.path, hit.similarity) for hit in hits] for hits in found]


@pytest.mark.slow
def test_fifty_kills_change_nothing(tmp_path: Path, everything: Path) -> None:
    runs, instants = Runs(everything), random.Random(7)
    try:
        status, took = runs.run(tmp_path / "whole")
        assert status == 0
        expected = rows(tmp_path / "whole"), answers(tmp_path / "whole")
        kills = libraries = 0
        while kills < KILLS:
            library = tmp_path / f"killed {libraries}"
            libraries += 1
            for _ in range(10):
                status, lasted = runs.run(library, instants.uniform(0, took))
                if status == 0:
                    # Whatever held up the first run is over.
                    took = min(took, lasted)
                    break
                assert status == -9
                kills += 1
            assert runs.run(library)[0] == 0
            assert (rows(library), answers(library)) == expected
    finally:
        runs.close()
    assert libraries >= 5


def test_a_run_after_a_whole_one_does_nothing(tmp_path: Path, everything: Path) -> None:
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        first, second = index(library, [everything]), index(library, [everything])
    assert first.added and not second.added and not second.reused
