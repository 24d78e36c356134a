"""One run over every broken, lying and hostile file, and over sound ones beside them."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import indexer.reading
from cli.index import printable
from indexer.run import index
from retrieval.library import CATALOG, Library
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint
from tests.indexer.hostile import Corpus, make_bombs
from tests.indexer.hostile_places import make_device, make_odd
from tests.indexer.whole import SIZE, make_one_of_each

MOST_MEGABYTES = 1024
BOUNDS = {"TRIPTYCH_MAX_DECODING_SECONDS": "60", "TRIPTYCH_MAX_DECODING_BYTES": str(1 << 30)}
MAY_CHANGE = re.compile("TRIPTYCH_MAX_|more than are read|would unpack to")
"""Of reasons that a setting, or another version, may do away with: such files are tried again."""
ROWS = """
SELECT path, contents.hash, duration, group_concat(text, ' '), data FROM items
JOIN contents ON contents.id = items.content_id
LEFT JOIN passages ON passages.content_id = contents.id
LEFT JOIN vectors ON passage_id = passages.id
WHERE items.failure IS NULL GROUP BY items.id ORDER BY path
"""
PROGRAM = """
import json, re, resource, sys
from pathlib import Path
import retrieval.speech.whisper
from retrieval.encoders import registry
from tests.cli.faked import load
from tests.fakes import FakeTranscriber

opened = []

def hear(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])

registry.load_encoder = load
retrieval.speech.whisper.WhisperTranscriber = lambda name: FakeTranscriber()
sys.addaudithook(hear)
from cli.main import run
status = 0
try:
    run(sys.argv[2:], prog_name="triptych")
except SystemExit as left:
    status = left.code or 0
most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
told = {"status": status, "opened": opened, "most": most,
        "apart": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}
Path(sys.argv[1]).write_text(json.dumps(told), "utf-8", "surrogateescape")
"""


@dataclass(frozen=True)
class Told:
    """What is known of a run."""

    status: int
    errors: str
    opened: set[str]
    megabytes: float
    """What the process took at most."""
    apart: float
    """What the largest of those took that decode for it."""


def go(folder: Path, library: Path) -> Told:
    """Index a folder as a shell would, with fakes for models."""
    record = library.parent / "told.json"
    arguments = ["index", "--encoder", "fake", "--library", str(library), str(folder)]
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(record), *arguments],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=600,
        env={**os.environ, **BOUNDS, "PYTHONWARNINGS": "error"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(record.read_text("utf-8", "surrogateescape"))
    return Told(
        told["status"], run.stderr, set(told["opened"]), told["most"] / 1024, told["apart"] / 1024
    )


@dataclass(frozen=True)
class Ran:
    """A corpus that was indexed twice."""

    corpus: Corpus
    library: Path
    first: Told
    second: Told

    def rows(self) -> dict[str, tuple[str, float | None, str | None, bytes | None]]:
        """Read what is in the catalog of each file: hash, seconds, words and a vector."""
        connection = sqlite3.connect(self.library / CATALOG)
        try:
            return {path: row for path, *row in connection.execute(ROWS)}
        finally:
            connection.close()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    scratch = tmp_path_factory.mktemp("hostile")
    corpus = Corpus(scratch / "media")
    for name in ("sound", "bombs", "odd"):
        (corpus.folder / name).mkdir(parents=True)
    bombs = make_bombs(corpus.folder / "bombs")
    odd = make_odd(corpus.folder / "odd", scratch / "outside")
    sound = Corpus(corpus.folder / "sound", make_one_of_each(corpus.folder / "sound"))
    for part in (bombs, odd, sound):
        below = part.folder.name
        corpus.expect(
            {f"{below}/{path}": sign for path, sign in part.read.items()},
            {f"{below}/{path}": words for path, words in part.refused.items()},
        )
    library = scratch / "library"
    return Ran(corpus, library, go(corpus.folder, library), go(corpus.folder, library))


def test_every_bad_file_is_listed_once_with_a_reason(ran: Ran) -> None:
    assert ran.first.status == 0
    for path, words in ran.corpus.refused.items():
        line = re.escape(printable(f"Not indexed: {ran.corpus.folder / path}: "))
        (reason,) = re.findall(f"^{line}(.*)$", ran.first.errors, re.MULTILINE)
        assert re.search(words, reason), (path, reason)
        assert str(ran.corpus.folder) not in reason
    assert ran.first.errors.count("Not indexed: ") == len(ran.corpus.refused)


def test_every_sound_file_is_in_the_library_as_itself_and_nothing_else(ran: Ran) -> None:
    rows = ran.rows()
    assert set(rows) == set(ran.corpus.read)
    for path, sign in ran.corpus.read.items():
        digest, seconds, words, vector = rows[path]
        file = ran.corpus.folder / path
        assert digest == sha256(file.read_bytes()).hexdigest()
        assert sign.word in (words or "")
        if sign.seconds:
            assert seconds == pytest.approx(sign.seconds, abs=0.2), path
        if sign.colour and vector:
            plain = FakeEncoder().encode_images([Image.new("RGB", SIZE, sign.colour)])[0]
            assert np.frombuffer(vector, "<f4") @ plain > 0.97, path


def test_every_picture_and_film_is_found_by_its_looks(ran: Ran) -> None:
    with Library.open_existing(ran.library, FakeEncoder()) as library:
        for path, sign in ran.corpus.read.items():
            if sign.colour:
                thumbnail = library.thumbnails.file(ran.rows()[path][0])
                with Image.open(thumbnail) as picture:
                    mean = np.asarray(picture, np.float32).mean(axis=(0, 1))
                assert np.abs(mean - sign.colour).max() < 20, path


def test_another_run_opens_no_file_but_those_that_a_setting_may_have_saved(ran: Ran) -> None:
    again = {Path(file) for file in ran.second.opened if file.startswith(str(ran.corpus.folder))}
    may_change = {
        ran.corpus.folder / path
        for path, words in ran.corpus.refused.items()
        if MAY_CHANGE.search(words)
    }
    assert again <= may_change and ran.second.status == 0
    assert " 0 added, 0 recognised" in f" {ran.second.errors.splitlines()[-1]}"


def test_no_process_takes_much_memory(ran: Ran) -> None:
    assert max(ran.first.megabytes, ran.second.megabytes) < MOST_MEGABYTES
    assert ran.first.apart < 1.25 * MOST_MEGABYTES


def test_a_device_is_passed_over(library: Library, media: Path) -> None:
    if not make_device(media / "zero.png"):
        pytest.skip("only an administrator may make a device")
    assert index(library, [media]).failures == ()


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Path.unlink, id="vanishes"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes() + b"more"), id="grows"),
        pytest.param(lambda file: paint(file, "blue"), id="becomes another"),
        pytest.param(lambda file: os.truncate(file, 0), id="is emptied"),
    ],
)
@pytest.mark.parametrize("stage", ["hash_file", "read_picture"])
def test_a_file_that_changes_while_it_is_read_is_told_and_read_the_next_time(
    library: Library, media: Path, monkeypatch: pytest.MonkeyPatch, change: Change, stage: str
) -> None:
    paint(media / "sound.png", "green")
    file = paint(media / "restless.png", "red")
    work = getattr(indexer.reading, stage)

    def meddle(given: object, *others: object) -> object:
        done = work(given, *others)
        if getattr(given, "file", given) == file:
            change(file)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(indexer.reading, stage, meddle)
        report = index(library, [media])
    assert report.added == 1
    assert [failure.path for failure in report.failures] == [str(file)]
    for _ in range(2):
        if file.exists():
            paint(file, "yellow")
        report = index(library, [media])
    assert report.failures == () and library.info().items == 1 + file.exists()
