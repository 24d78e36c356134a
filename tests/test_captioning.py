"""What the user says of files, and which are favourites: kept by their bytes."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.run import index
from retrieval import captioning
from retrieval.captioning import caption
from retrieval.catalog import database
from retrieval.errors import LibraryBusy, NotFound
from retrieval.forgetting import forget
from retrieval.library import Library
from retrieval.media import Filters, Item, Passage, Query, TextTerm
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint, record

SAID = "Zebras at the lake with Ada"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    paint(tmp_path / "media/a.png", "red")
    paint(tmp_path / "media/b.png", "blue")
    return tmp_path / "media"


@pytest.fixture
def library(media: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        index(library, [media])
        yield library


def item(library: Library, name: str) -> Item:
    [found] = [i for i in items(library) if i.path == name]
    return found


def items(library: Library) -> list[Item]:
    with library.catalog.snapshot() as snapshot:
        return list(snapshot.items())


def said_of(library: Library, name: str) -> list[str]:
    return [p.text for p in passages(library, name) if p.by_user]


def passages(library: Library, name: str) -> list[Passage]:
    return [passage for _, passage in library.passages(item(library, name))]


def found(library: Library, words: str) -> tuple[str, str]:
    [hit, *_] = library.search(Query((TextTerm(words),))).hits
    return hit.item.path, hit.passage.text


def test_a_caption_is_found_by_its_words_and_its_meaning(library: Library) -> None:
    caption(library, item(library, "b.png").id, f"  {SAID}\r\nin red light\x00 ")
    said = f"{SAID}\nin red light"
    assert item(library, "b.png").caption == said
    assert said_of(library, "b.png") == [said]
    assert found(library, "zebras") == ("b.png", said)
    [hit] = library.search(Query((TextTerm('"at the lake"'),))).hits[:1]
    assert hit.item.path == "b.png"
    assert found(library, said) == ("b.png", said)


def test_another_caption_takes_its_place_and_an_empty_one_removes_it(library: Library) -> None:
    number = item(library, "a.png").id
    before = passages(library, "a.png")
    caption(library, number, SAID)
    caption(library, number, "An old tram")
    assert said_of(library, "a.png") == ["An old tram"]
    assert len(library.catalog.words.matching("zebras").passages.ids) == 0
    caption(library, number, " \n")
    assert passages(library, "a.png") == before
    assert item(library, "a.png").caption == ""
    assert len(library.catalog.words.matching("tram").passages.ids) == 0


def test_a_long_caption_is_cut_to_what_the_encoder_holds(library: Library) -> None:
    said = "A word is followed by another one. " * 50
    caption(library, item(library, "a.png").id, said)
    assert len(said_of(library, "a.png")) > 3
    assert item(library, "a.png").caption == said.strip()


def rename(media: Path) -> str:
    (media / "a.png").rename(media / "other.png")
    return "other.png"


def copy(media: Path) -> str:
    shutil.copy(media / "a.png", media / "copy.png")
    return "copy.png"


def touch(media: Path) -> str:
    os.utime(media / "a.png", (1, 1))
    return "a.png"


def write_beside(media: Path) -> str:
    (media / "a.txt").write_text("What a sidecar says.")
    return "a.png"


def write_beside_a_copy(media: Path) -> str:
    (media / "copy.txt").write_text("What another sidecar says.")
    return copy(media)


@pytest.mark.parametrize("change", [rename, copy, touch, write_beside, write_beside_a_copy])
def test_what_the_user_says_outlives(
    library: Library, media: Path, change: Callable[[Path], str]
) -> None:
    number = item(library, "a.png").id
    caption(library, number, SAID)
    library.mark(number, True)
    name = change(media)
    index(library, [media])
    index(library, [media])
    kept = item(library, name)
    assert (kept.caption, kept.favourite) == (SAID, True)
    assert said_of(library, name) == [SAID]
    assert found(library, "zebras")[1] == SAID
    caption(library, kept.id, "")
    assert not any(p.by_user for i in items(library) for _, p in library.passages(i))


def test_a_recording_s_caption_is_not_taken_for_a_sidecar_s(library: Library, media: Path) -> None:
    record(media / "memo.wav")
    index(library, [media])
    own = passages(library, "memo.wav")
    caption(library, item(library, "memo.wav").id, SAID)
    (media / "memo.txt").write_text("Beside it.")
    index(library, [media])
    texts = [passage.text for passage in passages(library, "memo.wav")]
    assert texts == [*(passage.text for passage in own), "Beside it.", SAID]


def test_favourites_can_be_asked_for(library: Library) -> None:
    library.mark(item(library, "b.png").id, True)
    library.mark(item(library, "b.png").id, True)
    only = Filters(favourite=True)
    listed = library.search(Query((), only)).hits
    assert [(hit.item.path, hit.item.favourite) for hit in listed] == [("b.png", True)]
    ranked = library.search(Query((TextTerm("red"),), only)).hits
    assert [hit.item.path for hit in ranked] == ["b.png"]
    library.mark(item(library, "b.png").id, False)
    assert library.search(Query((), only)).hits == ()


def test_favourites_need_no_lock_and_captions_do(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captioning, "PATIENCE", 0.0)
    number = item(library, "a.png").id
    with Library.open(tmp_path / "library") as other, other.write():
        library.mark(number, True)
        with pytest.raises(LibraryBusy, match="is writing to"):
            caption(library, number, SAID)
    assert (item(library, "a.png").favourite, item(library, "a.png").caption) == (True, "")


def test_a_catalog_that_stays_locked_is_told(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with (
        closing(sqlite3.connect(library.path / "catalog.sqlite")) as other,
        Library.open(library.path) as impatient,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy, match="try again"):
            impatient.mark(1, True)


def test_who_is_not_there_has_no_caption(library: Library) -> None:
    with pytest.raises(NotFound):
        caption(library, 999, SAID)


def test_forgetting_takes_all_of_it_along_but_what_a_copy_has(
    library: Library, media: Path
) -> None:
    shutil.copy(media / "a.png", media / "copy.png")
    index(library, [media])
    caption(library, item(library, "a.png").id, SAID)
    library.mark(item(library, "a.png").id, True)
    forget(library, [media / "a.png"])
    assert (item(library, "copy.png").caption, item(library, "copy.png").favourite) == (SAID, True)
    forget(library, [media / "copy.png"])
    assert SAID.encode() not in (library.path / "catalog.sqlite").read_bytes()
    index(library, [media])
    assert (item(library, "a.png").caption, item(library, "a.png").favourite) == ("", False)
    assert said_of(library, "a.png") == []


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from retrieval.captioning import caption
from retrieval.library import Library
from tests.fakes import FakeEncoder

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.startswith(("INSERT", "DELETE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

with Library.open(Path(sys.argv[1]), FakeEncoder()) as library:
    caption(library, 1, "Second words")
"""


def test_killed_at_any_statement_it_is_the_old_caption_or_the_new(
    library: Library, tmp_path: Path
) -> None:
    caption(library, 1, "First words")
    texts = set()
    for left in (0, 3, 5, 20):
        command = [sys.executable, "-c", KILLED, str(tmp_path / "library"), str(left)]
        status = subprocess.run(command, timeout=120).returncode
        name = next(i.path for i in items(library) if i.id == 1)
        text = item(library, name).caption
        assert (said_of(library, name), found(library, text)[1]) == ([text], text)
        assert text == ("First words" if status else "Second words")
        texts.add(status)
    assert texts == {-signal.SIGKILL, 0}
