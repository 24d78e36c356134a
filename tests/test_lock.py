"""One writer at a time, and whoever comes second is told who is first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import LibraryBusy
from retrieval.lock import WriteLock
from retrieval.progress import Unwatched

HOLDER = """
import sys, time
from pathlib import Path
from retrieval.lock import WriteLock
from retrieval.progress import Unwatched
lock = WriteLock(Path(sys.argv[1]))
lock.acquire(0, Unwatched())
print("held", flush=True)
time.sleep(600)
"""


class Notes(Unwatched):
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=-1)
    assert holder.stdout.readline() == b"held\n"
    lock = WriteLock(tmp_path)
    with pytest.raises(LibraryBusy, match=rf"Another process \({holder.pid}, since 20"):
        lock.acquire(0, Unwatched())
    holder.kill()
    holder.communicate()
    lock.acquire(0, Unwatched())
    with pytest.raises(LibraryBusy, match=rf"\({os.getpid()}, since "):
        WriteLock(tmp_path).acquire(0, Unwatched())
    lock.release()


def test_waiting_is_said_and_comes_to_an_end(tmp_path: Path) -> None:
    first, second, notes = WriteLock(tmp_path), WriteLock(tmp_path), Notes()
    first.acquire(0, notes)
    assert notes.said == []
    with pytest.raises(LibraryBusy):
        second.acquire(0.1, notes)
    [said] = notes.said
    assert said.endswith(f"is writing to {tmp_path}. Waiting for it.")
    first.release()
    second.acquire(0.1, notes)
    assert len(notes.said) == 1
    second.release()


@pytest.mark.parametrize("written", [b"", b"someone", b"\xff"])
def test_who_cannot_be_made_out_is_another_process(tmp_path: Path, written: bytes) -> None:
    lock = WriteLock(tmp_path)
    lock.acquire(0, Unwatched())
    (tmp_path / "writer.pid").write_bytes(written)
    with pytest.raises(LibraryBusy, match=r"^Another process is writing"):
        WriteLock(tmp_path).acquire(0, Unwatched())
    lock.release()
