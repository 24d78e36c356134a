"""``triptych watch`` as a shell runs it, on files that editors and people change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint

FAKED = (sys.executable, "-m", "tests.cli.faked", "watch")
PATIENCE = 60.0


@pytest.fixture
def album(tmp_path: Path) -> Path:
    paint(tmp_path / "album/red.png", "red")
    return tmp_path / "album"


@pytest.fixture
def library(album: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        index(opened, [album])
        yield opened


@pytest.fixture
def watcher(library: Library) -> Iterator[subprocess.Popen[str]]:
    """Start watching all that was indexed before, and wait until it does."""
    run = start(library)
    for line in run.stderr:
        if line.startswith("Watching. "):
            break
    yield run
    run.kill()
    run.communicate()


def start(library: Library) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [*FAKED, "--library", str(library.path)]
    return subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environment)


def files(library: Library) -> list[str]:
    from retrieval.media import Filters

    contents = library.catalog.newest(Filters()).tolist()
    held = library.catalog.files(contents, Filters()).values()
    return sorted(item.path for items in held for item in items)


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_files_are_followed_as_they_come_change_and_go(
    watcher: subprocess.Popen[str], library: Library, album: Path
) -> None:
    paint(album / "new/folder/blue.png", "blue")
    assert eventually(lambda: files(library) == ["new/folder/blue.png", "red.png"])
    (album / "new").rename(album / "renamed")
    assert eventually(lambda: files(library) == ["red.png", "renamed/folder/blue.png"])
    (album / "renamed/folder/blue.png").unlink()
    assert eventually(lambda: files(library) == ["red.png"])
    for number in range(80):
        paint(album / f"burst/{number}.png", (number, 0, 0))
    assert eventually(lambda: len(files(library)) == 81)


def test_a_file_that_an_editor_saves_by_renaming_is_the_same_file(
    watcher: subprocess.Popen[str], library: Library, album: Path
) -> None:
    (album / "note.txt").write_text("The first words.")
    assert eventually(lambda: said(library, "note.txt") == "The first words.")
    (album / ".note.txt.swp").write_text("The second words.")
    (album / "4913").touch()
    (album / "4913").unlink()
    (album / "note.txt").rename(album / "note.txt~")
    (album / ".note.txt.swp").rename(album / "note.txt")
    (album / "note.txt~").unlink()
    assert eventually(lambda: said(library, "note.txt") == "The second words.")
    assert files(library) == ["note.txt", "red.png"]
    assert library.info().failures == ()


def said(library: Library, path: str) -> str:
    from retrieval.media import Filters

    contents = library.catalog.newest(Filters()).tolist()
    for items in library.catalog.files(contents, Filters()).values():
        if items[0].path == path:
            return "".join(passage.text for _, passage in library.passages(items[0]))
    return ""


def test_ctrl_c_ends_it_with_130(watcher: subprocess.Popen[str]) -> None:
    watcher.send_signal(signal.SIGINT)
    output, errors = watcher.communicate(timeout=PATIENCE)
    assert (watcher.returncode, output) == (130, "")
    assert errors == ("Error: Interrupted. What was done is kept; run the same command to go on.\n")


def test_it_waits_for_whoever_writes(
    watcher: subprocess.Popen[str], library: Library, album: Path
) -> None:
    with library.write():
        paint(album / "blue.png", "blue")
        waits = watcher.stderr.readline()
        assert f"({os.getpid()}, since " in waits and waits.endswith(". Waiting for it.\n")
        assert files(library) == ["red.png"]
    assert eventually(lambda: files(library) == ["blue.png", "red.png"])


def test_with_nothing_to_watch_it_says_so(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        run = start(library)
        _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2 and "Nothing was indexed into" in errors
