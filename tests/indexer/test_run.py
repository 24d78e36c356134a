from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from indexer.report import Report
from indexer.run import index
from retrieval.errors import LibraryBusy, ModelUnavailable, UnreadableMedia
from retrieval.library import Library
from retrieval.media import Kind, Query, TextTerm
from tests.fakes import COLOURS, FakeEncoder, FakeTranscriber
from tests.indexer.conftest import paint, print_pages, record

Run = Callable[[], Report]
OPEN = os.open


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.reused, report.unchanged, report.removed


def found(library: Library, text: str) -> list[str]:
    return [hit.item.path for hit in library.search(Query((TextTerm(text),))).hits]


def nearest(library: Library, text: str) -> str:
    return found(library, text)[0]


def test_every_kind_is_brought_in(library: Library, media: Path, run: Run) -> None:
    paint(media / "a.png")
    (media / "b.txt").write_text("Words about whales.")
    print_pages(media / "c.pdf", "A page.")
    record(media / "d.wav", seconds=3)
    assert run() == Report(added=4)
    assert library.info().by_kind == {Kind.IMAGE: 1, Kind.TEXT: 2, Kind.AUDIO: 1}


def test_thumbnails_are_made_of_pictures_and_first_pages(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    print_pages(media / "c.pdf", "A page.")
    (media / "b.txt").write_text("no picture")
    run()
    assert len(list(library.thumbnails.folder.glob("??/*.jpg"))) == 2


def test_a_second_run_opens_nothing(
    media: Path, run: Run, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(media / "a.png")
    (media / "bad.jpg").write_bytes(b"no picture")
    (media / "other.zip").write_bytes(b"no media")
    run()

    opened = os.open

    def refuse(file: str | Path, *args: Any, **kwargs: Any) -> int:
        assert not Path(file).is_relative_to(media), "a file was opened"
        return opened(file, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Image, "open", refuse)
    assert run() == Report(unchanged=2)
    assert encoder.images_encoded == 1


def test_a_bad_file_never_stops_the_run_nor_shifts_the_others(
    library: Library, media: Path, run: Run
) -> None:
    for number, colour in enumerate(COLOURS):
        paint(media / f"{number}-{colour}.png", colour)
        (media / f"{number}-bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    report = run()
    assert report.added == len(COLOURS) == len(report.failures)
    for number, colour in enumerate(COLOURS):
        assert nearest(library, colour) == f"{number}-{colour}.png"
    assert {Path(f.path).name for f in library.info().failures} == {
        f"{number}-bad.png" for number in range(len(COLOURS))
    }


class Choosy(FakeEncoder):
    """Cannot encode green pictures, and so no batch that has one."""

    def encode_images(self, images: list[Image.Image]) -> np.ndarray:
        if any(image.getpixel((0, 0))[1] > image.getpixel((0, 0))[0] + 50 for image in images):
            raise RuntimeError("too green")
        return super().encode_images(images)


def test_a_picture_that_cannot_be_encoded_fails_alone(tmp_path: Path, media: Path) -> None:
    for colour in ("red", "green", "blue"):
        paint(media / f"{colour}.png", colour)
    with Library.open(tmp_path / "choosy", Choosy()) as library:
        report = index(library, [media])
        assert report.added == 2
        assert [(Path(f.path).name, f.reason) for f in report.failures] == [
            ("green.png", "too green")
        ]
        assert nearest(library, "blue") == "blue.png" and nearest(library, "red") == "red.png"


def test_copies_are_encoded_once(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    paint(media / "a.png")
    shutil.copy(media / "a.png", media / "b.png")
    assert counts(run()) == (1, 1, 0, 0)
    shutil.copy(media / "a.png", media / "c.png")
    assert counts(run()) == (0, 1, 2, 0)
    assert encoder.images_encoded == 1 and library.info().items == 3


def test_copies_of_a_bad_file_fail_alike(media: Path, run: Run) -> None:
    for name in ("a.png", "b.png"):
        (media / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert [Path(failure.path).name for failure in run().failures] == ["a.png", "b.png"]


def test_a_mended_file_comes_in(library: Library, media: Path, run: Run) -> None:
    (media / "a.png").write_bytes(b"broken")
    assert len(run().failures) == 1
    paint(media / "a.png")
    assert counts(run()) == (1, 0, 0, 0) and library.info().failures == ()


def test_other_files_are_no_failures(library: Library, media: Path, run: Run) -> None:
    for name in ("a.zip", "b.py", "c.xlsx", "d.svg"):
        (media / name).write_bytes(b"PK\x03\x04" + bytes(40))
    assert run() == Report() and library.info().items == 0


def test_one_file_or_folder_leaves_the_rest_alone(library: Library, media: Path, run: Run) -> None:
    paint(media / "a.png", "red")
    paint(media / "sub/b.png", "blue")
    paint(media / "sub/c.png", "white")
    run()
    (media / "a.png").unlink()
    (media / "sub/b.png").unlink()
    paint(media / "sub/d.png", "black")
    assert counts(index(library, [media / "sub"])) == (1, 0, 1, 1)
    assert counts(index(library, [media / "sub/d.png"])) == (0, 0, 1, 0)
    assert library.info().items == 3


def test_a_path_that_is_not_there_is_told_at_once(library: Library, media: Path) -> None:
    paint(media / "a.png")
    with pytest.raises(UnreadableMedia, match="no such file"):
        index(library, [media, media / "gone"])
    assert library.info().items == 0


def test_files_below_a_folder_that_cannot_be_listed_stay(
    library: Library, media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(media / "closed/a.png")
    run()
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = run()
    assert report.removed == 0 and report.failures[0].path == str(media / "closed")
    assert library.info().items == 1


def test_a_file_that_could_not_be_reached_is_tried_again(
    library: Library, media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(media / "a.png")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _open_no_picture)
        assert run().failures[0].reason.endswith("Permission denied")
    assert library.info().failures[0].path == str(media / "a.png")
    assert counts(run()) == (1, 0, 0, 0)


def _open_no_picture(file: Path, *args: Any, **kwargs: Any) -> int:
    if Path(file).suffix == ".png":
        raise PermissionError(13, "Permission denied")
    return OPEN(file, *args, **kwargs)


def test_a_file_that_becomes_a_pipe_while_it_is_read_blocks_nobody(
    library: Library, media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.txt"):
        (media / name).write_bytes(b"x")
    paint(media / "c.png")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _swap_for_a_pipe)
        report = run()
    assert report.added == 1
    assert [(Path(f.path).name, f.reason) for f in report.failures] == [
        (name, "is no file but a pipe, a device or a folder") for name in ("a.png", "b.txt")
    ]
    assert run() == Report(unchanged=1, removed=2), "a pipe is no file"
    assert library.info().failures == ()


def _swap_for_a_pipe(file: Path, *args: Any, **kwargs: Any) -> int:
    if Path(file).name in {"a.png", "b.txt"}:
        Path(file).unlink()
        os.mkfifo(file)
    return OPEN(file, *args, **kwargs)


class Deaf(FakeTranscriber):
    """Has no model."""

    def transcribe(self, samples: object) -> list:
        raise ModelUnavailable("There is no speech model; install it.")


def test_without_a_speech_model_the_rest_comes_in(library: Library, media: Path) -> None:
    record(media / "a.wav")
    paint(media / "b.png")
    report = index(library, [media], transcriber=Deaf())
    assert report.added == 1 and "speech model" in report.failures[0].reason
    assert counts(index(library, [media])) == (1, 0, 1, 0)


def test_a_silent_recording_is_an_item_without_passages(
    library: Library, media: Path, run: Run
) -> None:
    record(media / "a.wav", loudness=0)
    assert counts(run()) == (1, 0, 0, 0) and counts(run()) == (0, 0, 1, 0)
    assert library.info().items == 1 and library.info().passages == 0


def test_a_file_beyond_the_bound_is_a_failure(
    media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retrieval.settings import Settings

    paint(media / "a.png")
    monkeypatch.setattr("indexer.bounds.settings", lambda: Settings(max_bytes=10))
    assert "TRIPTYCH_MAX_BYTES" in run().failures[0].reason


def test_two_runs_at_once_are_refused(library: Library, media: Path) -> None:
    with library.write(), pytest.raises(LibraryBusy):
        other = Library.open(library.path, FakeEncoder())
        try:
            index(other, [media])
        finally:
            other.close()


class Meter:
    def __init__(self) -> None:
        self.found = self.done = 0
        self.notes: list[str] = []

    def total(self, files: int) -> None:
        self.found += files

    def advance(self, files: int = 1) -> None:
        self.done += files

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_progress_reaches_its_total(library: Library, media: Path) -> None:
    paint(media / "a.png")
    shutil.copy(media / "a.png", media / "b.png")
    (media / "bad.png").write_bytes(b"bad")
    (media / "x.zip").write_bytes(b"PK\x03\x04")
    record(media / "c.wav")
    for files in (5, 4):  # what is no media is not met again
        meter = Meter()
        index(library, [media], progress=meter)
        assert meter.found == meter.done == files
    meter = Meter()
    record(media / "d.wav", seconds=2)
    index(library, [media], progress=meter)
    assert meter.notes == ["Listening to d.wav"]
