"""A disk that fills up stops a run with a word about it; another completes it later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import indexer.recordings
from indexer.run import index
from retrieval.disk import room_in
from retrieval.errors import DiskFull
from retrieval.library import Library
from tests.indexer.conftest import paint, record

MEGABYTES = 6
STEPS = 12
PROGRAM = """
import json, shutil, sqlite3, sys
from pathlib import Path
from indexer.run import index
from retrieval.errors import DiskFull
from retrieval.library import Library
from retrieval.media import Query, TextTerm
from tests.fakes import FakeEncoder, FakeTranscriber

media, disk, steps = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
ROWS = '''SELECT path, missing, failure, hash, ordinal, text, data FROM items
JOIN contents ON contents.id = items.content_id JOIN passages ON passages.content_id = contents.id
JOIN vectors ON passage_id = passages.id ORDER BY path, ordinal'''

def run():
    with Library.open(disk / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [media])

def state():
    with Library.open_existing(disk / "library", FakeEncoder()) as library:
        assert library.info().index.vectors == library.info().passages
        hits = library.search(Query((TextTerm("red"),), k=99)).hits
        assert len(hits) == library.info().items
        connection = sqlite3.connect(disk / "library/catalog.sqlite")
        rows = connection.execute(ROWS).fetchall()
        connection.close()
        return rows, [(hit.item.path, hit.similarity) for hit in hits]

free = shutil.disk_usage(disk).free
run()
needed = free - shutil.disk_usage(disk).free
whole = state()
shutil.rmtree(disk / "library")
told = []
for step in range(steps):
    room = shutil.disk_usage(disk).free
    (disk / "ballast").write_bytes(bytes(room - needed * step // steps))
    try:
        run()
        told.append(["", 0])
    except DiskFull as error:
        told.append([str(error), 0])
        if (disk / "library/catalog.sqlite").exists():
            # To look takes some room too, for what readers tell one another.
            with (disk / "ballast").open("r+b") as ballast:
                ballast.truncate(max(0, ballast.seek(0, 2) - (1 << 20)))
            told[-1][1] = len(set(state()[0]) - set(whole[0]))
    (disk / "ballast").unlink()
    run()
    assert state() == whole
    shutil.rmtree(disk / "library")
print(json.dumps(told))
"""


@pytest.fixture
def album(media: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 255, (40, 9, 9, 3), np.uint8)
    for number, grid in enumerate(pixels):
        Image.fromarray(grid).resize((99, 99)).save(media / f"{number:03}.png")
    paint(media / "red.png", "red")
    (media / "words.txt").write_text(" ".join(f"word {word}." for word in range(3000)))
    return media


@pytest.fixture
def small_disk(tmp_path: Path) -> list[str]:
    """Give the command that runs another where a small disk is mounted at ``tmp_path / disk``."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={MEGABYTES}m none "{disk}" && exec "$@"'
    command = ["unshare", "-rm", "sh", "-c", mount, "sh"]
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nobody but an administrator may mount a small disk here")
    return command


def test_wherever_the_disk_fills_up_the_library_is_whole_and_the_run_goes_on(
    tmp_path: Path, album: Path, small_disk: list[str]
) -> None:
    program = [sys.executable, "-c", PROGRAM, str(album), str(tmp_path / "disk"), str(STEPS)]
    run = subprocess.run([*small_disk, *program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    full = [message for message, _ in told if message]
    assert len(full) > STEPS / 2
    assert all(f"no room left on the disk of {tmp_path / 'disk'}" in message for message in full)
    assert not any(strangers for _, strangers in told)


def test_the_command_says_so_and_fails(tmp_path: Path, album: Path, small_disk: list[str]) -> None:
    library = tmp_path / "disk" / "library"
    index_it = f'"{sys.executable}" -m tests.cli.faked index --encoder fake --library "{library}"'
    script = f'{index_it} "$1/words.txt" && head -c 9m /dev/zero > "$2/ballast"; {index_it} "$1"'
    command = [*small_disk, "sh", "-c", script, "sh", str(album), str(tmp_path / "disk")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    last = run.stderr.splitlines()[-1]
    assert last.startswith(f"Error: There is no room left on the disk of {library}. ")
    assert last.endswith("what was done is kept, and another run goes on from there.")


def full(*_: object, **__: object) -> None:
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_no_room_for_a_thumbnail_is_no_fault_of_the_picture(
    library: Library, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(DiskFull, match=str(library.path)):
        patch.setattr(Path, "write_bytes", full)
        index(library, [album])
    assert library.info().failures == ()
    report = index(library, [album])
    assert report.added + report.unchanged == 42 and report.failures == ()


def test_no_room_for_temporary_sound_says_where(
    library: Library, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(media / "a.wav")
    with monkeypatch.context() as patch, pytest.raises(DiskFull, match="TMPDIR"):
        patch.setattr(indexer.recordings, "open_recording", full)
        index(library, [media])
    assert library.info().failures == () and index(library, [media]).added == 1


def test_no_room_for_an_index_is_told_from_what_else_may_be_wrong_with_it(tmp_path: Path) -> None:
    words = f"write error in x: 0 != 9 ({os.strerror(ENOSPC)})"
    with pytest.raises(DiskFull), room_in(tmp_path):
        raise RuntimeError(words)
    for error in (RuntimeError("no such index"), ValueError(words), OSError(5, "I/O error")):
        with pytest.raises(type(error), match=str(error.args[-1]).split("(")[0]), room_in(tmp_path):
            raise error
