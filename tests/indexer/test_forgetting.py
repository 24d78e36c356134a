"""What is forgotten is gone from every file of the library, and comes back when indexed again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from indexer.report import Report
from indexer.run import index
from retrieval.errors import LibraryBusy, LibraryError, NotFound
from retrieval.forgetting import Forgotten, Known, find_known, forget
from retrieval.library import CATALOG, Library
from retrieval.media import Query, TextTerm
from retrieval.sidecars import MOST_BYTES
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint

Run = Callable[[], Report]

SECRET = "Zyxomorph quibbled with Vandersloot about the Krakatuk nut."
TABLES = ("items", "contents", "passages", "vectors", "sketches", "item_words")


@pytest.fixture
def shelf(media: Path, run: Run) -> Path:
    """Index a secret in a folder, a picture beside it, and one in another folder."""
    (media / "private").mkdir()
    (media / "private/krakatuk.txt").write_text(SECRET)
    paint(media / "private/red.png", "red")
    paint(media / "open/blue.png", "blue")
    run()
    return media


def ask(library: Library, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(library.path / CATALOG)
    rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


def counts(library: Library) -> dict[str, int]:
    return {table: ask(library, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def files_that_hold(library: Library, words: bytes) -> list[str]:
    files = [file for file in library.path.rglob("*") if file.is_file()]
    return sorted(file.name for file in files if words.lower() in file.read_bytes().lower())


def found(library: Library, text: str) -> list[str]:
    return sorted(hit.item.path for hit in library.search(Query((TextTerm(text),))).hits)


def test_thumbnails_of_earlier_versions_go_too(library: Library, shelf: Path) -> None:
    [(digest,)] = ask(
        library,
        "SELECT hash FROM contents JOIN items ON content_id = contents.id "
        "WHERE path = 'private/red.png'",
    )
    file = library.thumbnails.file(digest)
    earlier = file.rename(file.with_suffix(".webp"))
    forget(library, [shelf / "private"])
    assert not earlier.exists()


def test_a_root_without_items_is_let_go_of(library: Library, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    index(library, [tmp_path / "nothing"])
    forget(library, [tmp_path / "nothing"])
    assert list(library.catalog.roots()) == []


@pytest.mark.parametrize("words", [b"zyxomorph", b"vandersloot", b"krakatuk"])
def test_no_file_of_the_library_holds_the_words_any_more(
    library: Library, shelf: Path, words: bytes
) -> None:
    assert files_that_hold(library, words)
    forget(library, [shelf / "private"])
    assert files_that_hold(library, words) == []


def test_no_file_of_the_library_holds_the_vectors_any_more(library: Library, shelf: Path) -> None:
    [(vector,)] = ask(
        library, "SELECT data FROM vectors JOIN passages ON id = passage_id WHERE text != ''"
    )
    assert [name for name in files_that_hold(library, vector) if name.endswith(".f32")]
    forget(library, [shelf / "private"])
    assert files_that_hold(library, vector) == []


def test_rows_and_thumbnails_go_and_the_others_stay(library: Library, shelf: Path) -> None:
    before = counts(library)
    assert len(list(library.thumbnails.folder.glob("*/*"))) == 2
    assert forget(library, [shelf / "private"]).items == 2
    assert counts(library) == {table: count - 2 for table, count in before.items()}
    assert ask(library, "SELECT rowid FROM passage_words") == []
    assert ask(library, "SELECT rowid FROM item_words") == ask(library, "SELECT id FROM items")
    [thumbnail] = library.thumbnails.folder.glob("*/*")
    assert found(library, "krakatuk") == ["open/blue.png"]
    [(item,)] = ask(library, "SELECT id FROM items")
    assert library.thumbnails.find(library.item(item).content.hash) == thumbnail
    assert (shelf / "private/krakatuk.txt").read_text() == SECRET, "the files are not touched"


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("private/krakatuk.txt", ["open/blue.png", "private/red.png"]),
        ("private", ["open/blue.png"]),
        ("", []),
        ("..", []),
    ],
)
def test_a_file_a_folder_a_root_and_what_is_around_it(
    library: Library, shelf: Path, place: str, kept: list[str]
) -> None:
    known = find_known(library, [shelf / place])
    assert forget(library, [shelf / place]) == Forgotten(known.items, known.bytes)
    assert known.items == 3 - len(kept)
    assert [path for (path,) in ask(library, "SELECT path FROM items ORDER BY path")] == kept
    assert len(library.info().roots) == bool(kept)
    assert library.info().index.vectors == counts(library)["contents"] == len(kept)


def test_how_much_it_is(library: Library, shelf: Path) -> None:
    size = (shelf / "private/red.png").stat().st_size
    known = find_known(library, [shelf / "private", shelf / "private/red.png"])
    assert known == Known(items=2, bytes=size + len(SECRET))


def test_a_path_that_no_longer_exists(library: Library, shelf: Path) -> None:
    shelf.rename(shelf.with_name("unplugged"))
    assert forget(library, [shelf / "private"]).items == 2
    assert forget(library, [shelf]).items == 1
    assert library.info().offline == () and counts(library)["items"] == 0


def test_what_is_deleted_already_is_forgotten_too(library: Library, shelf: Path, run: Run) -> None:
    (shelf / "private/krakatuk.txt").unlink()
    assert run().removed == 1
    assert files_that_hold(library, b"zyxomorph"), "it may be restored"
    assert forget(library, [shelf / "private/krakatuk.txt"]).items == 1
    assert files_that_hold(library, b"zyxomorph") == []


def test_what_the_file_held_before_is_forgotten_too(
    library: Library, shelf: Path, run: Run
) -> None:
    (shelf / "private/krakatuk.txt").write_text("Nothing to see here.")
    run()
    forget(library, [shelf / "private/krakatuk.txt"])
    assert files_that_hold(library, b"zyxomorph") == []


def test_what_a_file_elsewhere_holds_is_kept(library: Library, shelf: Path, run: Run) -> None:
    (shelf / "open/copy.txt").write_text(SECRET)
    run()
    forget(library, [shelf / "private"])
    assert "open/copy.txt" in found(library, "krakatuk")
    assert counts(library)["passages"] == 2
    assert files_that_hold(library, b"private") == []


def test_what_only_a_missing_file_elsewhere_held_is_not_kept(
    library: Library, shelf: Path, run: Run
) -> None:
    (shelf / "private/krakatuk.txt").rename(shelf / "open/moved.txt")
    run()
    forget(library, [shelf / "open/moved.txt"])
    assert files_that_hold(library, b"zyxomorph") == files_that_hold(library, b"krakatuk") == []


def test_forgotten_files_come_back_when_they_are_indexed_again(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    forget(library, [shelf / "private"])
    report = run()
    assert (report.added, report.unchanged) == (2, 1)
    assert encoder.images_encoded == 3
    assert found(library, "krakatuk")[1:] == ["private/krakatuk.txt", "private/red.png"]


def test_a_failure_is_forgotten(library: Library, shelf: Path, run: Run) -> None:
    (shelf / "torn.png").write_bytes(b"torn")
    run()
    forget(library, [shelf / "torn.png"])
    assert library.info().failures == ()


def test_with_a_picture_goes_what_is_known_of_its_sidecars(
    library: Library, media: Path, run: Run
) -> None:
    for folder in ("open", "private"):
        paint(media / folder / "red.jpg", "red" if folder == "open" else "yellow")
        (media / folder / "red.jpg.xmp").write_text("<no XML")
        (media / folder / "red.json").write_text("{torn")
        paint(media / folder / "red.jpg.png", "white")
    run()
    assert forget(library, [media / "private/red.jpg"]).items == 3
    assert [Path(f.path).parent.name for f in library.info().failures] == ["open", "open"]
    left = ask(library, "SELECT path FROM items WHERE path LIKE 'private/%'")
    assert left == [("private/red.jpg.png",)] and "open/red.jpg" in found(library, "red")
    assert files_that_hold(library, b"private/red.jpg.xmp") == []


def test_a_sidecar_that_was_a_file_of_its_own_goes_with_its_picture(
    library: Library, media: Path, run: Run
) -> None:
    (media / "red.txt").write_text(SECRET)
    run()
    paint(media / "red.png", "red")
    assert run().removed == 0 and library.info().items == 1
    assert forget(library, [media / "red.png"]).items == 2
    assert files_that_hold(library, b"krakatuk") == []


def test_a_sidecar_is_forgotten_alone(library: Library, media: Path, run: Run) -> None:
    paint(media / "red.png", "red")
    (media / "red.xmp").write_text("<no XML")
    run()
    assert forget(library, [media / "red.xmp"]).items == 1
    assert found(library, "red") == ["red.png"] and library.info().failures == ()


def test_what_only_looks_like_a_sidecar_is_kept(library: Library, media: Path, run: Run) -> None:
    paint(media / "red.png", "red")
    (media / "red.txt").write_text("x" * MOST_BYTES + " No caption, but a text of its own.")
    (media / "red.pdf").write_bytes(b"torn")
    run()
    assert forget(library, [media / "red.png"]).items == 1
    assert found(library, "caption") == ["red.txt"]
    assert [Path(failure.path).name for failure in library.info().failures] == ["red.pdf"]


def test_a_link_is_forgotten_and_not_what_it_leads_to(
    library: Library, shelf: Path, run: Run
) -> None:
    (shelf / "link.png").symlink_to(shelf / "open/blue.png")
    run()
    assert forget(library, [shelf / "link.png"]).items == 1
    assert "open/blue.png" in found(library, "blue")


def test_a_path_that_is_not_known_is_told_and_nothing_is_forgotten(
    library: Library, shelf: Path
) -> None:
    before = counts(library)
    for unknown in (shelf / "privat", shelf / "private/other.txt", shelf / "priv*"):
        with pytest.raises(NotFound, match="nothing at or below it is in"):
            forget(library, [shelf / "open", unknown])
    assert counts(library) == before


def test_nothing_is_forgotten_while_another_writes(library: Library, shelf: Path) -> None:
    with Library.open(library.path) as other, other.write(), pytest.raises(LibraryBusy):
        forget(library, [shelf])
    assert counts(library)["items"] == 3


def test_whoever_searches_meanwhile_goes_on_without_it(library: Library, shelf: Path) -> None:
    with Library.open(library.path, FakeEncoder()) as other:
        assert len(found(other, "krakatuk")) == 3
        forget(library, [shelf / "private"])
        assert found(other, "krakatuk") == ["open/blue.png"]


def test_a_thumbnail_that_cannot_be_deleted_stops_it(
    library: Library, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(library)
    unlink = Path.unlink

    def refuse(file: Path, missing_ok: bool = False) -> None:
        if file.suffix == ".jpg":
            raise PermissionError(13, "Permission denied")
        unlink(file, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(LibraryError, match=r"jpg cannot be deleted \(Permission denied\)"):
        forget(library, [shelf / "private"])
    assert counts(library) == before


def test_a_full_disk_is_said_and_what_was_forgotten_is_not_found(
    library: Library, shelf: Path
) -> None:
    def fill_disk(connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if statement == "VACUUM":
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(library.catalog._engine, "before_cursor_execute", fill_disk)
    gone = forget(library, [shelf / "private"])
    assert gone.items == 2
    assert "database or disk is full" in gone.notice
    assert found(library, "krakatuk") == ["open/blue.png"]


def test_a_large_part_of_a_library_is_forgotten(library: Library, media: Path, run: Run) -> None:
    for number in range(1200):
        (media / f"{number:04}.txt").write_text(f"Note {number} about nothing.")
    run()
    (media / "last.txt").write_text("The last one stays.")
    run()
    forget(library, [media / f"{number:04}.txt" for number in range(1200)])
    assert counts(library)["passages"] == library.info().index.vectors == 1
    assert found(library, "stays") == ["last.txt"]
    assert np.isfinite(library.vectors.vectors_of(np.array([1201]))).all()
