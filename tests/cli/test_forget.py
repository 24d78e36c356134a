"""``triptych forget`` and ``triptych index`` as a shell runs them, on roots that come and go."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint

FAKED = (sys.executable, "-m", "tests.cli.faked")
ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "error"}


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Index a folder with two pictures, of which one is in a folder."""
    paint(tmp_path / "album/red.png", "red")
    paint(tmp_path / "album/private/blue.png", "blue")
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        assert index(library, [tmp_path / "album"]).added == 2
    return tmp_path / "album"


def start(*arguments: object, library: Path) -> subprocess.Popen[str]:
    command = [*FAKED, *map(str, arguments), "--library", str(library)]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=-1, stderr=-1, text=True, env=ENVIRONMENT
    )


def faked(*arguments: object, library: Path) -> subprocess.CompletedProcess[str]:
    run = start(*arguments, library=library)
    output, errors = run.communicate(timeout=120)
    return subprocess.CompletedProcess(run.args, run.returncode, output, errors)


def items(library: Path) -> int:
    with Library.open_existing(library) as opened:
        return opened.info().items


def test_forgetting_says_how_much_it_was(album: Path, tmp_path: Path) -> None:
    size = (album / "private/blue.png").stat().st_size
    result = faked("forget", album / "private", "--yes", library=tmp_path / "library")
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert result.stderr == f"Forgotten: 1 file of {size} bytes.\n"
    assert items(tmp_path / "library") == 1
    assert (album / "private/blue.png").exists()


def test_words_that_stay_in_the_file_for_now_are_an_error_after_what_was_done(
    album: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "library/catalog.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM items").fetchall()
        result = faked("forget", album / "private", "--yes", library=tmp_path / "library")
    assert result.returncode == 1
    done, error = result.stderr.splitlines()
    assert done.startswith("Forgotten: 1 file")
    assert "its words are still in the catalog's file" in error
    assert items(tmp_path / "library") == 1


def test_nothing_is_forgotten_unasked(album: Path, tmp_path: Path) -> None:
    result = faked("forget", album, library=tmp_path / "library")
    assert result.returncode == 2 and "Add --yes" in result.stderr
    assert items(tmp_path / "library") == 2


@pytest.mark.parametrize(("answer", "status", "left"), [("y", 0, 1), ("n", 1, 2), ("", 1, 2)])
def test_a_terminal_is_asked(
    album: Path, tmp_path: Path, answer: str, status: int, left: int
) -> None:
    ours, theirs = pty.openpty()
    command = [*FAKED, "forget", str(album / "private"), "--library", str(tmp_path / "library")]
    run = subprocess.Popen(command, stdin=theirs, stdout=-1, stderr=-1, text=True, env=ENVIRONMENT)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    output, errors = run.communicate(timeout=120)
    os.close(ours)
    assert (run.returncode, output) == (status, ""), errors
    assert re.match(r"Forget 1 file of \d+ bytes\? \[y/N\]: ", errors)
    assert items(tmp_path / "library") == left


def test_what_is_not_known_cannot_be_forgotten(album: Path, tmp_path: Path) -> None:
    result = faked("forget", tmp_path / "elsewhere", "--yes", library=tmp_path / "library")
    assert result.returncode == 1
    assert f"{tmp_path}/elsewhere: nothing at or below it is in {tmp_path}" in result.stderr


def test_an_offline_root_is_said_so_and_kept_and_can_be_forgotten(
    album: Path, tmp_path: Path
) -> None:
    paint(tmp_path / "here/white.png", "white")
    library = tmp_path / "library"
    faked("index", tmp_path / "here", library=library)
    album.rename(tmp_path / "unplugged")
    result = faked("index", library=library)
    assert result.returncode == 0
    assert f"offline: {album} (2 items kept)\n" in result.stderr
    assert "0 added, 0 recognised, 1 unchanged, 0 gone, 0 not readable." in result.stderr
    info = faked("info", library=library).stdout
    assert f"offline   {album} (2 items kept)\n" in info
    body = json.loads(faked("info", "--json", library=library).stdout)
    assert (body["offline"], body["items"]) == ([{"path": str(album), "items": 2}], 3)
    assert faked("forget", album, "--yes", library=library).returncode == 0
    assert "offline  " not in faked("info", library=library).stdout


def test_without_a_path_and_a_library_there_is_nothing_to_index(tmp_path: Path) -> None:
    result = faked("index", library=tmp_path / "library")
    assert result.returncode == 1
    assert "There is no library in" in result.stderr and not (tmp_path / "library").exists()


def test_a_second_indexer_says_who_is_first(album: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", FakeEncoder()) as first, first.write():
        result = faked("index", library=tmp_path / "library")
    assert result.returncode == 1
    assert re.search(
        rf"Another process \({os.getpid()}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\) is writing to "
        rf"{tmp_path}/library\. Wait until it is done, or stop it\.",
        result.stderr,
    )


def test_a_second_indexer_waits_if_it_is_told_to(album: Path, tmp_path: Path) -> None:
    paint(album / "white.png", "white")
    with Library.open(tmp_path / "library", FakeEncoder()) as first:
        with first.write():
            second = start("index", "--wait", library=tmp_path / "library")
            assert f"({os.getpid()}, since " in (said := second.stderr.readline())
            assert said.endswith(". Waiting for it.\n") and second.poll() is None
        _, errors = second.communicate(timeout=120)
    assert second.returncode == 0 and "1 added, 0 recognised, 2 unchanged" in errors


def test_an_indexer_that_waits_can_be_interrupted(album: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", FakeEncoder()) as first, first.write():
        second = start("index", "--wait", library=tmp_path / "library")
        second.stderr.readline()
        second.send_signal(signal.SIGINT)
        _, errors = second.communicate(timeout=60)
    assert second.returncode == 130, errors
