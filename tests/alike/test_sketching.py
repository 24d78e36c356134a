"""Every content gets its sketch once, whenever it came into the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.run import index
from retrieval.alike.sketching import sketch_missing
from retrieval.catalog.records import Scope
from retrieval.library import Library
from retrieval.media import Filters, Kind
from retrieval.progress import Unwatched
from tests.alike.scenes import CHANGES, scene
from tests.fakes import FakeEncoder
from tests.shelf import new, put, random_vectors


class Heard(Unwatched):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Library]:
    media = tmp_path / "media"
    media.mkdir()
    scene(1).save(media / "lake.png")
    CHANGES["grey"](scene(1)).save(media / "grey.png")
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        index(library, [media])
        yield library


def everything(library: Library) -> Scope:
    return library.catalog.scope(Filters())


def test_indexing_leaves_nothing_unsketched(filled: Library) -> None:
    assert filled.catalog.sketches.missing() == []
    assert len(filled.catalog.sketches.of_kind(Kind.IMAGE, everything(filled))) == 2


def test_what_came_in_before_is_sketched_by_the_next_run(filled: Library, tmp_path: Path) -> None:
    words = "one barn stood by the old road and two more were built of oak behind the third hill"
    texts = [" ".join(f"{word}{chr(97 + i)}" for word in words.split()) for i in range(2)]
    put(filled, tmp_path / "b", new("a.txt", random_vectors(2), Kind.TEXT, texts))
    assert [content.kind for content in filled.catalog.sketches.missing()] == [Kind.TEXT]
    heard = Heard()
    filled.duplicates(Filters(), heard)
    assert heard.notes == ["1 items cannot be compared yet: run `triptych index` on them again."]
    index(filled, [tmp_path / "media"])
    assert filled.catalog.sketches.missing() == []
    assert len(filled.catalog.sketches.of_kind(Kind.TEXT, everything(filled))) == 1


def test_one_whose_thumbnail_is_gone_stays_without(filled: Library, tmp_path: Path) -> None:
    put(filled, tmp_path / "b", new("b.png", random_vectors(1)))
    with filled.write() as writer:
        sketch_missing(filled.catalog, writer, filled.thumbnails.file)
    assert len(filled.catalog.sketches.missing()) == 1


def test_groups_are_found_anew_when_the_library_has_changed(
    filled: Library, tmp_path: Path
) -> None:
    first = filled.duplicates(Filters(), Unwatched())
    assert [len(group.items) for group in first] == [2]
    assert filled.duplicates(Filters(), Unwatched()) is first
    (tmp_path / "media" / "grey.png").unlink()
    index(filled, [tmp_path / "media"])
    assert filled.duplicates(Filters(), Unwatched()) == ()


def test_sketches_that_are_remembered_are_those_of_the_catalog(
    filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.catalog.sketches.REMEMBERED", 1)
    sketches = filled.catalog.sketches
    present = {
        sketch.content: sketch for sketch in sketches.of_kind(Kind.IMAGE, everything(filled))
    }
    first, second = present
    unheard_of = max(present) + 1
    for asked in ([first], [second, unheard_of], [first, second], [unheard_of], [second, first]):
        expected = {content: present[content] for content in asked if content in present}
        assert sketches.of(asked) == expected
    put(filled, tmp_path / "b", new("b.png", random_vectors(1)))
    assert sketches.of([unheard_of]) == {}
    with filled.write() as writer:
        writer.sketch([(unheard_of, b"grey")])
    assert sketches.of([unheard_of])[unheard_of].data == b"grey"
