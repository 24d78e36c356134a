"""Files that grow without end while they are read, and files that are far too long."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest

import indexer.reading
from indexer.documents import open_document
from indexer.hashing import ChangedMeanwhile, hash_file
from indexer.report import Report
from retrieval.errors import MediaTooLarge
from retrieval.library import Library
from retrieval.settings import settings
from tests.indexer.conftest import paint

TERABYTE = 1 << 40
LINE = b"All is well, and has been for a while.\n" * 1000


@contextmanager
def growing(file: Path) -> Iterator[None]:
    """Have a thread write to a file all the time."""
    stop = Event()

    def write() -> None:
        with file.open("ab", buffering=0) as log:
            while not stop.is_set():
                log.write(LINE)
                stop.wait(0.001)

    thread = Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def small_texts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRIPTYCH_MAX_CHARACTERS", "1000")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    for length in (0, 1, 1 << 20, (3 << 20) + 7):
        data = os.urandom(length)
        (tmp_path / "file").write_bytes(data)
        assert hash_file(tmp_path / "file", length) == sha256(data).hexdigest()


@pytest.mark.parametrize("size", [10, TERABYTE + 10])
def test_no_more_is_read_than_a_file_had_and_a_change_is_told(tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"some twenty bytes...")
    if size < TERABYTE:
        os.truncate(file, TERABYTE)
    with pytest.raises(ChangedMeanwhile, match="file: changed while it was read"):
        hash_file(file, size)


@pytest.mark.parametrize("name", ["server.log", "film.mp4"])
def test_a_file_that_keeps_growing_is_told_and_tried_again(
    library: Library,
    media: Path,
    run: Callable[[], Report],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    paint(media / "red.png")
    file = media / name
    file.write_bytes((b"\0\0\0\x18ftypmp42" + bytes(12) if name == "film.mp4" else b"") + LINE)
    recognise = indexer.reading.sniff

    def recognise_later(met: Path) -> object:
        before = file.stat().st_size
        while met == file and file.stat().st_size < before + len(LINE):
            pass
        return recognise(met)

    with monkeypatch.context() as patch, growing(file):
        patch.setattr(indexer.reading, "sniff", recognise_later)
        for added in (1, 0):
            report = run()
            assert report.added == added
            [failure] = report.failures
            assert (failure.path, failure.reason) == (
                str(file),
                "changed while it was read; index it again",
            )
    file.write_bytes(LINE)
    if name == "server.log":
        assert run().added == 1 and library.info().failures == ()


def test_a_text_that_grows_while_it_is_read_is_not_followed(
    small_texts: None, tmp_path: Path
) -> None:
    file = tmp_path / "server.log"
    file.write_bytes(LINE)
    os.truncate(file, TERABYTE)
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_CHARACTERS"):
        open_document(file, "text/plain")


@pytest.mark.parametrize(
    ("name", "start", "reason"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "TRIPTYCH_MAX_BYTES"),
        ("a.tif", b"II*\0\x08\0\0\0", "TRIPTYCH_MAX_BYTES"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "TRIPTYCH_MAX_BYTES"),
        ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "TRIPTYCH_MAX_BYTES"),
        ("a.pdf", b"%PDF-1.7\n", "TRIPTYCH_MAX_BYTES"),
        ("a.txt", LINE, "TRIPTYCH_MAX_BYTES"),
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.heic", b"\0\0\0\x18ftypheic", "TRIPTYCH_MAX_BYTES"),
        ("empty.jpg", b"", "holds something else"),
        ("empty.txt", b"", "holds something else"),
        ("empty.mp4", b"", "holds something else"),
    ],
)
def test_a_file_of_a_terabyte_is_refused_unread(
    media: Path, run: Callable[[], Report], name: str, start: bytes, reason: str
) -> None:
    (media / name).write_bytes(start)
    os.truncate(media / name, TERABYTE)
    [failure] = run().failures
    assert reason in failure.reason


def test_a_text_that_is_too_long_is_not_even_hashed(
    small_texts: None, media: Path, run: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("it is read")

    (media / "server.log").write_bytes(LINE)
    monkeypatch.setattr(indexer.reading, "hash_file", refuse)
    [failure] = run().failures
    assert "longer than the 1000 characters" in failure.reason
