"""What happens to files between runs: identity is content, so nothing known is encoded again."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.report import Report
from indexer.run import index
from retrieval.library import CATALOG, Library
from retrieval.media import Query, TextTerm
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint

Run = Callable[[], Report]


@pytest.fixture
def shelf(media: Path, run: Run) -> Path:
    """Index three pictures, one of them in a folder."""
    paint(media / "red.png", "red")
    paint(media / "blue.png", "blue")
    paint(media / "trip/white.png", "white")
    assert run().added == 3
    return media


def rows(library: Library) -> list[tuple[str, str, bool]]:
    """List every item: its root's name, its path, and whether it is missing."""
    connection = sqlite3.connect(library.path / CATALOG)
    found = connection.execute(
        "SELECT roots.path, items.path, missing FROM items JOIN roots ON roots.id = root_id"
        " ORDER BY roots.path, items.path"
    ).fetchall()
    connection.close()
    return [(Path(root).name, path, bool(missing)) for root, path, missing in found]


def present(library: Library) -> list[str]:
    return [path for _, path, missing in rows(library) if not missing]


def nearest(library: Library, text: str) -> str:
    return library.search(Query((TextTerm(text),))).hits[0].item.path


def changes(report: Report) -> tuple[int, int, int, int]:
    assert report.failures == ()
    return report.added, report.reused, report.unchanged, report.removed


def test_a_renamed_file_keeps_its_vector(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    (shelf / "red.png").rename(shelf / "crimson.png")
    assert changes(run()) == (0, 1, 2, 1)
    assert encoder.images_encoded == 3
    assert nearest(library, "red") == "crimson.png"
    assert present(library) == ["blue.png", "crimson.png", "trip/white.png"]


def test_only_the_case_of_a_name_changes(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    (shelf / "red.png").rename(shelf / "RED.PNG")
    (shelf / "trip").rename(shelf / "Trip")
    assert changes(run()) == (0, 2, 1, 2)
    assert encoder.images_encoded == 3
    assert present(library) == ["RED.PNG", "Trip/white.png", "blue.png"]
    assert library.info().items == 3
    hits = library.search(Query((TextTerm("red"),))).hits
    assert sorted(hit.item.path for hit in hits) == present(library)


def test_a_file_and_a_folder_are_moved(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    (shelf / "2024").mkdir()
    (shelf / "trip").rename(shelf / "2024/trip")
    (shelf / "red.png").rename(shelf / "2024/red.png")
    assert changes(run()) == (0, 2, 1, 2)
    assert encoder.images_encoded == 3
    assert present(library) == ["2024/red.png", "2024/trip/white.png", "blue.png"]


def test_a_file_that_is_moved_to_another_root_is_known_there(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (shelf / "red.png").rename(tmp_path / "other/red.png")
    assert changes(index(library, [shelf, tmp_path / "other"])) == (0, 1, 2, 1)
    assert encoder.images_encoded == 3
    assert nearest(library, "red") == "red.png"


def test_two_files_that_swap_their_names_swap_what_they_answer(
    library: Library, media: Path, run: Run, encoder: FakeEncoder
) -> None:
    for name, colour in (("1.png", "red"), ("2.png", "blue")):
        paint(media / name, colour)
        os.utime(media / name, (len(colour), len(colour)))
    run()
    assert (nearest(library, "red"), nearest(library, "blue")) == ("1.png", "2.png")
    (media / "1.png").rename(media / "x.png")
    (media / "2.png").rename(media / "1.png")
    (media / "x.png").rename(media / "2.png")
    assert changes(run()) == (0, 2, 0, 0)
    assert encoder.images_encoded == 2
    assert (nearest(library, "red"), nearest(library, "blue")) == ("2.png", "1.png")


def test_a_copy_is_another_item_of_the_same_content(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    shutil.copy(shelf / "red.png", shelf / "trip/copy.png")
    assert changes(run()) == (0, 1, 3, 0)
    assert encoder.images_encoded == 3
    assert library.info().items == 4 and library.info().passages == 3
    (shelf / "red.png").unlink()
    assert changes(run()) == (0, 0, 3, 1)
    assert nearest(library, "red") == "trip/copy.png"


def test_a_hard_link_is_a_copy(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    os.link(shelf / "red.png", shelf / "link.png")
    assert changes(run()) == (0, 1, 3, 0)
    assert encoder.images_encoded == 3 and library.info().items == 4


def test_a_touched_file_is_the_same(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    os.utime(shelf / "red.png", (1, 1))
    assert changes(run()) == (0, 1, 2, 0)
    assert encoder.images_encoded == 3
    assert changes(run()) == (0, 0, 3, 0)


def test_an_edit_in_place_is_another_content_and_its_undoing_the_first_again(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    before = (shelf / "red.png").read_bytes()
    paint(shelf / "red.png", "yellow")
    os.utime(shelf / "red.png", (1, 1))
    assert changes(run()) == (1, 0, 2, 0)
    assert nearest(library, "yellow") == "red.png"
    (shelf / "red.png").write_bytes(before)
    assert changes(run()) == (0, 1, 2, 0)
    assert encoder.images_encoded == 4
    assert nearest(library, "red") == "red.png" and library.info().items == 3


def test_a_deleted_file_is_gone_and_a_restored_one_is_back(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder, tmp_path: Path
) -> None:
    shutil.move(shelf / "trip", tmp_path / "bin")
    assert changes(run()) == (0, 0, 2, 1)
    assert present(library) == ["blue.png", "red.png"]
    assert library.search(Query((TextTerm("white"),))).total == 2
    shutil.move(tmp_path / "bin", shelf / "trip")
    assert changes(run()) == (0, 1, 2, 0)
    assert encoder.images_encoded == 3 and nearest(library, "white") == "trip/white.png"


def test_a_file_becomes_a_folder_of_the_same_name_and_a_file_again(
    library: Library, shelf: Path, run: Run, encoder: FakeEncoder
) -> None:
    data = (shelf / "red.png").read_bytes()
    (shelf / "red.png").unlink()
    (shelf / "red.png").mkdir()
    (shelf / "red.png/inside.png").write_bytes(data)
    assert changes(run()) == (0, 1, 2, 1)
    assert present(library) == ["blue.png", "red.png/inside.png", "trip/white.png"]
    shutil.rmtree(shelf / "red.png")
    (shelf / "red.png").write_bytes(data)
    assert changes(run()) == (0, 1, 2, 1)
    assert present(library) == ["blue.png", "red.png", "trip/white.png"]
    assert encoder.images_encoded == 3


def test_a_root_around_a_root_takes_it_in_and_opens_nothing(
    library: Library, shelf: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    shutil.rmtree(library.path / "thumbnails")
    assert changes(index(library, [tmp_path])) == (0, 0, 3, 0)
    assert encoder.images_encoded == 3 and not library.thumbnails.folder.exists()
    assert [root.path for root in library.info().roots] == [tmp_path]
    assert present(library) == ["media/blue.png", "media/red.png", "media/trip/white.png"]


def test_a_folder_of_a_root_and_a_link_to_it_are_no_roots_of_their_own(
    library: Library, shelf: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(shelf / "trip", target_is_directory=True)
    for path in (shelf / "trip", tmp_path / "link", shelf / "trip/white.png"):
        assert changes(index(library, [path])) == (0, 0, 1, 0)
    assert [root.path for root in library.info().roots] == [shelf]


def test_the_same_root_twice_in_one_run_is_indexed_once(
    library: Library, shelf: Path, encoder: FakeEncoder
) -> None:
    paint(shelf / "new.png", "green")
    assert changes(index(library, [shelf, shelf / "trip"])) == (1, 0, 4, 0)
    assert encoder.images_encoded == 4 and len(rows(library)) == 4
