"""Ctrl-C, as a terminal sends it, ends whatever a run is at, and another run completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from indexer.run import index
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.films import film
from tests.indexer.conftest import paint, print_pages, record

PATIENCE = 60.0
PROGRAM = """
import sys
import indexer.reading, indexer.recordings, retrieval.speech.whisper
from cli.main import run
from retrieval.encoders import registry
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.indexer.test_hostile_interrupted import Busy, Tireless, work

stage, *arguments = sys.argv[1:]
if stage == "film":
    indexer.recordings.open_recording = work
if stage == "pages":
    indexer.reading.open_document = work
encoder = Busy if stage == "encoding" else FakeEncoder
registry.load_encoder = lambda name: encoder()
transcriber = Tireless if stage == "speech" else FakeTranscriber
retrieval.speech.whisper.WhisperTranscriber = lambda name: transcriber()
run(arguments, prog_name="triptych")
"""


def work(*_: object) -> object:
    """Say that it has begun, and never come to an end."""
    begin()
    while True:
        pass


def begin() -> None:
    Path(os.environ["BEGUN"]).touch()


class Busy(FakeEncoder):
    """Takes a second for a batch, as large models do: what has begun cannot be broken off."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        begin()
        time.sleep(1)
        return super().encode_images(images)


class Tireless(FakeTranscriber):
    def transcribe(self, samples: object) -> list:
        begin()
        while True:
            time.sleep(0.01)


STAGES: dict[str, Callable[[Path], object]] = {
    "film": lambda media: film(media / "film.mp4", ["red"], 1.0),
    "pages": lambda media: print_pages(media / "pages.pdf", "words"),
    "encoding": lambda media: [paint(media / f"{n}.png", (n, 0, 0)) for n in range(200)],
    "speech": lambda media: record(media / "sound.wav", 1.0),
}


def start(stage: str, media: Path, library: Path, *more: str) -> subprocess.Popen[str]:
    arguments = ["index", "--encoder", "fake", "--library", str(library), *more, str(media)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, stage, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "BEGUN": str(library.parent / "begun")},
        start_new_session=True,
    )


def interrupt(run: subprocess.Popen[str]) -> str:
    """Press Ctrl-C, which reaches all processes of a terminal, and see that all end."""
    os.killpg(run.pid, signal.SIGINT)
    output, errors = run.communicate(timeout=PATIENCE)
    assert (run.returncode, output) == (130, "")
    for _ in range(100):
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            return errors
        time.sleep(0.05)
    raise AssertionError("some of its processes live on")


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_ends_what_takes_long(tmp_path: Path, media: Path, stage: str) -> None:
    STAGES[stage](media)
    paint(media / "zz.png", "blue")
    run = start(stage, media, tmp_path / "library")
    while not (tmp_path / "begun").exists():
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)
    errors = interrupt(run)
    assert "Traceback" not in errors
    said = "Error: Interrupted. What was done is kept; run the same command to go on."
    assert errors.splitlines()[-1] == said
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        report = index(library, [media])
        assert report.failures == () and report.added
        assert library.info().items == len(list(media.iterdir()))


def test_ctrl_c_ends_the_wait_for_whoever_writes(
    tmp_path: Path, media: Path, library: Library
) -> None:
    paint(media / "red.png")
    with library.write():
        run = start("waiting", media, library.path, "--wait")
        assert run.stderr is not None
        assert "Waiting for it." in run.stderr.readline()
        assert "Interrupted." in interrupt(run)
        assert library.info().items == 0
    assert index(library, [media]).added == 1
