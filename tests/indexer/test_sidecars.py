"""Which names belong together, and what becomes of a library when sidecars come, change and go."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from errno import EIO
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer import watch as watching
from indexer.report import Report
from indexer.run import index
from indexer.watch import watch
from retrieval.alike.duplicates import find_copies
from retrieval.forgetting import forget
from retrieval.library import CATALOG, Library
from retrieval.media import Filters, ImageTerm, Item, Kind, Passage, Query, TextTerm
from retrieval.sidecars import MOST_BYTES, beginning_of, pair
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.films import film
from tests.indexer.conftest import paint, print_pages, record

Run = Callable[[], Report]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.reused, report.unchanged, report.removed


def items(library: Library) -> dict[str, Item]:
    hits = library.search(Query((), Filters(folder="media"), k=100)).hits
    return {hit.item.path: hit.item for hit in hits}


def passages(library: Library, path: str) -> list[Passage]:
    return [passage for _, passage in library.passages(items(library)[path])]


def words(library: Library, path: str) -> str:
    return "\n".join(one.text for one in passages(library, path) if one.kind is Kind.TEXT)


def found_by(library: Library, text: str) -> str:
    return library.search(Query((TextTerm(text),))).hits[0].item.path


# Names.


@pytest.mark.parametrize(
    ("media", "sidecar"),
    [
        ("photo.jpg", "photo.jpg.xmp"),
        ("photo.jpg", "photo.xmp"),
        ("photo.JPG", "photo.jpg.XMP"),
        ("photo.jpg", "photo.JPG.Txt"),
        ("photo.jpg", "photo.txt"),
        ("song.flac", "song.json"),
        ("film.mp4", "film.info.json"),
        ("photo.jpg", "photo.jpg.supplemental-metadata.json"),
        ("Balls.jpg", "Balls.supplemental-metadata.json"),
        ("photo.jpg", "photo.jpg.supplemental-me.json"),
        ("photo.jpg", "photo.jpg.s.json"),
        ("photo.jpg", "photo.jpg..json"),
        ("photo(1).jpg", "photo.jpg(1).json"),
        ("photo(1).jpg", "photo.jpg.supplemental-metadata(1).json"),
        (
            "Screenshot_2017-07-05-10-05-26.png",
            "Screenshot_2017-07-05-10-05-26.png.supplementa.json",
        ),
        (
            "Urlaub in Knaufspesch in der Schneifel (38).JPG",
            "Urlaub in Knaufspesch in der Schneifel (38).JP.json",
        ),
        (f"{'x' * 60}.jpg", f"{'x' * 46}.json"),
        (f"{'x' * 60}(2).jpg", f"{'x' * 46}(2).json"),
        ("照片.jpg", "照片.txt"),
    ],
)
def test_a_sidecar_is_told_by_its_name(media: str, sidecar: str) -> None:
    assert pair([media, sidecar, "other.png", "notes.md"]) == {media: (sidecar,)}


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("report.pdf", "report.txt"),
        ("report.pdf", "report.pdf.json"),
        ("photo.jpg", "photo2.txt"),
        ("photo.jpg", "photo.jpg.md"),
        ("photo.jpg", "photo.jpg.extra.json"),
        ("photo.jpg", "photo.jpg(1).json"),
        ("photo(1).jpg", "photo.jpg.supplemental-metadata.json"),
        ("photo.jpg", "photo.info.txt"),
        ("notes", "notes.txt"),
        (f"{'x' * 60}.jpg", f"{'x' * 45}.json"),
    ],
)
def test_what_is_named_otherwise_is_a_file_of_its_own(name: str, beside: str) -> None:
    assert pair([name, beside]) == {}


def test_a_name_that_was_cut_belongs_to_nobody_where_it_might_to_two() -> None:
    cut = f"{'x' * 46}.json"
    assert pair([f"{'x' * 50}a.jpg", f"{'x' * 50}b.jpg", cut]) == {}


def test_one_sidecar_serves_a_raw_file_and_its_jpeg_and_one_file_has_several() -> None:
    names = ["a.cr2", "a.jpg", "a.txt", "a.xmp", "a.jpg.json"]
    assert pair(names) == {"a.cr2": ("a.xmp", "a.txt"), "a.jpg": ("a.xmp", "a.jpg.json", "a.txt")}


PARTS = ["photo", "x" * 50, ".", "(1)", ".jpg", ".json", ".txt", ".xmp", ".supplemental-meta", " "]


@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), max_size=8))
def test_what_belongs_together_begins_alike(names: list[str]) -> None:
    for name, sidecars in pair(names).items():
        assert {name, *sidecars} <= set(names)
        assert {beginning_of(sidecar) for sidecar in sidecars} == {beginning_of(name)}


# Runs.


def test_a_picture_is_found_by_its_caption_and_the_caption_is_no_item(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "red.png")
    paint(media / "blue.png", "blue")
    (media / "blue.txt").write_text("Grandmother Zyxomorph in her garden.")
    assert run() == Report(added=2)
    assert found_by(library, "Zyxomorph") == "blue.png"
    assert words(library, "blue.png") == "Grandmother Zyxomorph in her garden."
    assert [one.kind for one in passages(library, "blue.png")] == [Kind.IMAGE, Kind.TEXT]
    assert library.info().by_kind == {Kind.IMAGE: 2}
    answer = library.search(Query((TextTerm("Zyxomorph"),), Filters(frozenset({Kind.TEXT}))))
    assert answer.hits == ()


def test_a_long_caption_is_cut_into_windows_and_said_whole(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    told = [f"Sentence number {number} says something." for number in range(100)]
    (media / "a.txt").write_text("\n".join(told))
    assert run() == Report(added=1)
    assert all(sentence in words(library, "a.png") for sentence in told)


def test_recordings_and_films_have_captions_after_their_own_passages(
    library: Library, media: Path, run: Run
) -> None:
    record(media / "memo.wav", seconds=3)
    (media / "memo.wav.txt").write_text("The interview with Zyxomorph.")
    film(media / "film.mp4", ["red"])
    (media / "film.info.json").write_text('{"description": "A holiday in Krakatuk."}')
    assert run() == Report(added=2)
    assert [one.kind for one in passages(library, "memo.wav")] == [Kind.AUDIO, Kind.TEXT]
    assert found_by(library, "Krakatuk") == "film.mp4"


def test_a_second_run_sees_no_change(library: Library, media: Path, run: Run) -> None:
    paint(media / "a.png")
    (media / "a.txt").write_text("A caption.")
    (media / "a.json").write_text("torn")
    run()
    assert run() == Report(unchanged=1)
    assert [Path(failure.path).name for failure in library.info().failures] == ["a.json"]


@pytest.mark.parametrize("change", ["add", "edit", "delete", "rename away"])
def test_a_change_of_a_sidecar_reads_its_picture_again_and_no_other(
    library: Library, media: Path, run: Run, change: str
) -> None:
    paint(media / "a.png")
    paint(media / "b.png", "blue")
    caption = media / "a.txt"
    if change != "add":
        caption.write_text("Before.")
    run()
    if change in {"add", "edit"}:
        caption.write_text("What is said afterwards.")
    elif change == "delete":
        caption.unlink()
    else:
        caption.rename(media / "c.txt")
    report = run()
    assert report.unchanged == 1 and report.added + report.reused == 1 + (change == "rename away")
    said = "What is said afterwards." if change in {"add", "edit"} else ""
    assert words(library, "a.png") == said
    assert ("c.txt" in items(library)) == (change == "rename away")


def test_a_caption_that_is_taken_back_costs_nothing(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    paint(media / "a.png")
    run()
    (media / "a.txt").write_text("A caption.")
    assert counts(run()) == (1, 0, 0, 0)
    (media / "a.txt").unlink()
    assert counts(run()) == (0, 1, 0, 0)
    assert encoder.images_encoded == 1, "only the caption was new"
    assert len(list(library.thumbnails.folder.glob("??/*.jpg"))) == 2


def test_a_file_that_says_the_same_in_other_bytes_changes_nothing(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    paint(media / "a.png")
    (media / "a.png.json").write_text('{"description": "A caption.", "imageViews": "3"}')
    run()
    before = encoder.texts_encoded
    (media / "a.png.json").write_text('{"description": "A caption.", "imageViews": "1234"}')
    assert counts(run()) == (0, 1, 0, 0) and encoder.texts_encoded == before


@pytest.mark.parametrize("captioned", [True, False])
def test_a_new_caption_of_a_recording_is_no_reason_to_listen_again(
    library: Library, media: Path, run: Run, transcriber: FakeTranscriber, captioned: bool
) -> None:
    record(media / "memo.wav", seconds=3)
    if captioned:
        (media / "memo.txt").write_text("Before.")
    run()
    before = passages(library, "memo.wav")
    (media / "memo.txt").write_text("Afterwards.")
    assert counts(run()) == (1, 0, 0, 0)
    assert transcriber.heard == 1
    own = [one for one in before if one.kind is Kind.AUDIO]
    assert passages(library, "memo.wav") == [*own, Passage(Kind.TEXT, "Afterwards.")]
    assert found_by(library, "recording of 3 seconds") == "memo.wav"
    assert library.info().index.vectors == library.catalog.embeddings.count(1 << 40)


def test_the_date_of_an_old_caption_is_not_kept_for_a_films_own(
    library: Library, media: Path, run: Run
) -> None:
    film(media / "a.mp4", ["red"])
    note = media / "a.mp4.json"
    taken = {"photoTakenTime": {"timestamp": "1500000000"}, "description": "Before."}
    note.write_text(json.dumps(taken))
    run()
    assert items(library)["a.mp4"].content.taken_at is not None
    note.write_text('{"description": "Afterwards."}')
    run()
    assert items(library)["a.mp4"].content.taken_at is None


def test_date_and_place_fill_in_only_what_a_picture_does_not_tell(
    library: Library, media: Path, run: Run
) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x32\x01\x02\0\x14\0\0\0\x1a\0\0\0\0\0\0\0"
    paint(media / "dated.jpg", exif=exif + b"2001:02:03 04:05:06\0")
    paint(media / "plain.jpg", "blue")
    note = {
        "photoTakenTime": {"timestamp": "1500000000"},
        "geoData": {"latitude": 48.5, "longitude": 9.25},
    }
    for name in ("dated", "plain"):
        (media / f"{name}.jpg.json").write_text(json.dumps(note))
    run()
    dated, plain = (items(library)[f"{name}.jpg"].content for name in ("dated", "plain"))
    assert dated.taken_at is not None and dated.taken_at.year == 2001
    assert plain.taken_at is not None and plain.taken_at.year == 2017
    assert (plain.latitude, plain.longitude) == (dated.latitude, dated.longitude) == (48.5, 9.25)


def test_moved_with_its_caption_a_picture_keeps_its_vectors(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    paint(media / "a.png")
    (media / "a.png.txt").write_text("A caption.")
    run()
    before = encoder.texts_encoded
    (media / "sub").mkdir()
    (media / "a.png").rename(media / "sub/b.png")
    (media / "a.png.txt").rename(media / "sub/b.txt")
    assert counts(run()) == (0, 1, 0, 1)
    assert (encoder.images_encoded, encoder.texts_encoded) == (1, before)
    assert words(library, "sub/b.png") == "A caption."


def test_copies_with_other_captions_are_other_contents_and_still_copies(
    library: Library, media: Path, run: Run
) -> None:
    file = paint(media / "a.png")
    shutil.copy(file, media / "b.png")
    shutil.copy(file, media / "c.png")
    (media / "a.txt").write_text("One caption.")
    (media / "b.txt").write_text("Another caption.")
    run()
    held = items(library)
    assert [words(library, f"{name}.png") for name in "abc"] == [
        "One caption.",
        "Another caption.",
        "",
    ]
    assert len({item.content.hash for item in held.values()}) == 3
    assert {item.content.digest for item in held.values()} == {
        sha256(file.read_bytes()).hexdigest()
    }
    [group] = find_copies(library.catalog, Filters())
    assert len(group.items) == 3 and set(group.likenesses[1:]) == {"copy"}


def test_an_uploaded_picture_leaves_its_file_out_whatever_its_caption(
    library: Library, media: Path, run: Run
) -> None:
    file = paint(media / "a.png")
    paint(media / "b.png", "blue")
    (media / "a.txt").write_text("A caption.")
    run()
    term = ImageTerm(Image.open(file).convert("RGB"), hash=sha256(file.read_bytes()).hexdigest())
    assert [hit.item.path for hit in library.search(Query((term,))).hits] == ["b.png"]


def test_what_was_an_item_retires_when_it_becomes_a_sidecar_and_comes_back(
    library: Library, media: Path, run: Run
) -> None:
    (media / "a.txt").write_text("A caption.")
    run()
    paint(media / "a.png")
    assert counts(run()) == (1, 0, 0, 0)
    assert set(items(library)) == {"a.png"} and words(library, "a.png") == "A caption."
    (media / "a.png").unlink()
    assert counts(run()) == (0, 1, 0, 1)
    assert set(items(library)) == {"a.txt"}


def test_a_library_of_before_reads_pictures_with_sidecars_again(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    paint(media / "a.png")
    run()
    (media / "a.txt").write_text("A caption.")
    status = (media / "a.txt").stat()
    with sqlite3.connect(library.path / CATALOG) as connection:
        connection.execute(
            "INSERT INTO items (root_id, path, size, mtime_ns, missing, failure, beside)"
            " VALUES (1, 'a.txt', ?, ?, 0, 'was listed', 0)",
            (status.st_size, status.st_mtime_ns),
        )
    connection.close()
    assert counts(run()) == (1, 0, 0, 0) and encoder.images_encoded == 1
    assert library.info().failures == () and words(library, "a.png") == "A caption."


def test_a_document_has_no_sidecars(library: Library, media: Path, run: Run) -> None:
    print_pages(media / "a.pdf", "A page.")
    (media / "a.txt").write_text("A text of its own.")
    (media / "b.json").write_text('{"caption": "alone"}')
    assert run() == Report(added=3)


def test_what_is_too_large_for_a_caption_is_a_file_of_its_own(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    (media / "a.txt").write_bytes(b"word " * (MOST_BYTES // 5 + 1))
    run()
    assert set(items(library)) == {"a.png", "a.txt"} and words(library, "a.png") == ""


def test_what_is_named_like_a_picture_and_is_none_has_no_sidecars(
    library: Library, media: Path, run: Run
) -> None:
    os.mkfifo(media / "a.png")
    (media / "b.png").symlink_to("nowhere")
    (media / "c.png").mkdir()
    for name in "abc":
        (media / f"{name}.txt").write_text(f"The text {name}.")
    assert run() == Report(added=3)


# Failures.


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png.json", b"{torn"),
        ("a.xmp", b"<x:xmpmeta"),
        ("a.txt", b"\x00\x01\x02"),
        ("a.json", b"[" * 100_000),
    ],
)
def test_a_damaged_sidecar_is_listed_by_itself_and_costs_only_its_words(
    library: Library, media: Path, run: Run, name: str, data: bytes
) -> None:
    paint(media / "a.png")
    (media / "a.jpg.txt").write_text("not its own")
    (media / name).write_bytes(data)
    report = run()
    assert [failure.path for failure in report.failures] == [str(media / name)]
    assert report.failures == library.info().failures and "a.png" in items(library)
    again = run()
    assert again.failures == () and again.added == 0
    assert len(library.info().failures) == 1


def test_a_mended_sidecar_is_no_failure_any_more_and_neither_is_one_that_is_gone(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    for name in ("a.json", "a.xmp"):
        (media / name).write_bytes(b"torn")
    assert len(run().failures) == 2
    (media / "a.json").write_text('{"caption": "mended"}')
    (media / "a.xmp").unlink()
    report = run()
    assert report.failures == library.info().failures == ()
    assert report.removed == 1 and words(library, "a.png") == "mended"


def test_a_damaged_sidecar_of_two_is_listed_once(library: Library, media: Path, run: Run) -> None:
    paint(media / "a.png")
    paint(media / "a.jpg", "blue")
    (media / "a.xmp").write_bytes(b"torn")
    assert len(run().failures) == 1
    paint(media / "a.jpg", "green")
    assert len(run().failures) == 1 and len(library.info().failures) == 1


def test_what_was_a_damaged_sidecar_is_read_when_its_picture_is_gone(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    (media / "a.json").write_text("{torn, but text")
    run()
    (media / "a.png").unlink()
    assert counts(run()) == (1, 0, 0, 1)
    assert set(items(library)) == {"a.json"} and library.info().failures == ()


def test_a_sidecar_that_could_not_be_reached_is_tried_again(
    library: Library, media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(media / "a.png")
    (media / "a.txt").write_text("A caption.")
    real = os.open

    def refuse(path: str | Path, *args: int, **options: int) -> int:
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        [failure] = run().failures
    assert failure.path.endswith("a.txt") and failure.reason.endswith("Permission denied")
    assert words(library, "a.png") == ""
    assert run().failures == library.info().failures == ()
    assert words(library, "a.png") == "A caption."


def test_a_forgotten_picture_takes_its_captions_words_along(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    paint(media / "b.png", "blue")
    (media / "a.txt").write_text("Zyxomorph.")
    run()
    forget(library, [media / "a.png"])
    files = [file for file in library.path.rglob("*") if file.is_file()]
    assert not [file for file in files if b"zyxomorph" in file.read_bytes().lower()]
    assert counts(run()) == (1, 0, 1, 0)


# One place at a time.


def test_a_place_that_is_a_sidecar_or_has_one_is_looked_at_with_it(
    library: Library, media: Path, run: Run
) -> None:
    paint(media / "a.png")
    paint(media / "b.png", "blue")
    run()
    (media / "a.txt").write_text("A caption.")
    assert counts(index(library, [media / "a.txt"])) == (1, 0, 0, 0)
    assert words(library, "a.png") == "A caption."
    assert counts(index(library, [media / "a.png"])) == (0, 0, 1, 0)


def test_watching_follows_sidecars(
    library: Library, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "QUIET", 50)
    monkeypatch.setattr(watching, "LOOK", 100)
    paint(media / "a.png")
    paint(media / "b.png", "blue")
    reports = watch(library, [media])
    next(reports)
    for text in ("A caption.", "Another one."):
        (media / "a.txt").write_text(text)
        assert next(report for report in reports if report.added).unchanged == 0
        assert words(library, "a.png") == text
    (media / "a.txt").unlink()
    assert next(report for report in reports if report.reused).removed == 0
    assert words(library, "a.png") == ""
    (media / "b.txt").write_text("Of the blue one.")
    next(report for report in reports if report.added)
    (media / "b.png").unlink()
    assert next(report for report in reports if report.removed).added == 1
    assert set(items(library)) == {"a.png", "b.txt"}


def test_a_folder_that_cannot_be_listed_loses_nothing(
    library: Library, media: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(media / "sub/photo.jpg")
    paint(media / "sub/photo.png", "blue")
    (media / "sub/photo.jpg.txt").write_text("a day at the sea")
    run()
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing(media / "sub"))
        report = index(library, [media / "sub/photo.jpg"])
    assert report.removed == 0 and "cannot be listed" in report.failures[0].reason
    assert library.info().items == 2
    assert run() == Report(unchanged=2)


def refusing(folder: Path) -> Callable[[Path], object]:
    scandir = os.scandir

    def scan(place: Path) -> object:
        if Path(place) == folder:
            raise OSError(EIO, os.strerror(EIO))
        return scandir(place)

    return scan
