"""Maps are drawn apart from everything else, once however many ask, and kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from retrieval.errors import LibraryError
from retrieval.library import Library
from retrieval.map import cartographer as module
from retrieval.map.cartographer import Cartographer
from retrieval.map.drawing import Map
from retrieval.map.keeping import FILE, Sheet, fingerprint, keep, read_kept
from tests.fakes import FakeEncoder
from tests.shelf import new, put, random_vectors


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        add(library, seed=0)
        yield library


def add(library: Library, seed: int) -> None:
    rows = random_vectors(12, seed)
    named = (new(f"{seed}-{i}.jpg", row) for i, row in enumerate(rows))
    put(library, library.path.parent / "media", *named)


def drawn_by(cartographer: Cartographer) -> Sheet:
    """Ask until there is a current map."""
    while not cartographer.is_current(sheet := cartographer.map()):
        sleep(0.02)
    assert sheet is not None
    return sheet


def refuse(catalog: Path, before: Map | None) -> Map:
    """Stand for a drawing that fails; another process finds it by its name."""
    raise MemoryError(catalog)


def note(catalog: Path, before: Map | None) -> Map:
    """Stand for a drawing that leaves a note each time."""
    (catalog.parent / f"note-{os.getpid()}").touch()
    return Map(np.empty(0, np.int64), np.empty((0, 2), np.float32))


def test_it_is_drawn_when_asked_for_and_then_at_once(library: Library) -> None:
    cartographer = Cartographer(library)
    assert cartographer.map() is None
    sheet = drawn_by(cartographer)
    assert len(sheet.map.contents) == 12
    assert cartographer.map() is sheet


def test_it_is_drawn_once_however_many_ask(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "draw_library", note)
    cartographer = Cartographer(library)
    for _ in range(5):
        cartographer.map()
    drawn_by(cartographer)
    notes = list(library.path.glob("note-*"))
    assert len(notes) == 1
    assert notes[0].name != f"note-{os.getpid()}"


def test_it_is_kept_for_the_next_process(library: Library) -> None:
    first = drawn_by(Cartographer(library))
    again = Cartographer(library).map()
    assert again is not None
    assert again.of == first.of
    assert np.array_equal(again.map.places, first.map.places)


def test_an_older_map_has_to_do_until_a_new_one_is_drawn(library: Library) -> None:
    cartographer = Cartographer(library, pause=0)
    old = drawn_by(cartographer)
    add(library, seed=1)
    assert cartographer.map() is old
    assert not cartographer.is_current(old)
    assert len(drawn_by(cartographer).map.contents) == 24


def test_a_library_that_changes_often_is_drawn_now_and_then(library: Library) -> None:
    cartographer = Cartographer(library)
    old = drawn_by(cartographer)
    add(library, seed=1)
    for _ in range(5):
        assert cartographer.map() is old
    assert cartographer._drawing is None


def test_it_says_what_failed_and_may_be_asked_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    cartographer = Cartographer(library)
    with monkeypatch.context() as patched, pytest.raises(LibraryError, match="MemoryError"):
        patched.setattr(module, "draw_library", refuse)
        drawn_by(cartographer)
    assert len(drawn_by(cartographer).map.contents) == 12


def test_a_map_that_cannot_be_kept_is_shown_all_the_same(library: Library) -> None:
    (library.path / FILE).mkdir()
    assert len(drawn_by(Cartographer(library)).map.contents) == 12


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_file_is_no_map(library: Library, damage: bytes) -> None:
    sheet = Sheet(Map(np.arange(3), np.zeros((3, 2), np.float32)), "of")
    keep(library.path, sheet)
    assert read_kept(library.path) is not None
    (library.path / FILE).write_bytes(damage)
    assert read_kept(library.path) is None


def test_columns_of_unequal_length_are_no_map(library: Library) -> None:
    keep(library.path, Sheet(Map(np.arange(4), np.zeros((3, 2), np.float32)), "of"))
    assert read_kept(library.path) is None


@pytest.mark.parametrize("place", [np.nan, np.inf, -0.5, 7])
def test_places_that_are_on_no_map_are_no_map(library: Library, place: float) -> None:
    places = np.array([[0.5, 0.5], [place, 0.5], [1, 0]], np.float32)
    keep(library.path, Sheet(Map(np.arange(3), places), "of"))
    assert read_kept(library.path) is None
    assert np.isfinite(drawn_by(Cartographer(library)).map.places).all()


def test_contents_that_come_twice_are_no_map(library: Library) -> None:
    keep(library.path, Sheet(Map(np.array([1, 1, 2]), np.zeros((3, 2), np.float32)), "of"))
    assert read_kept(library.path) is None


def test_a_fingerprint_tells_what_a_library_holds(library: Library) -> None:
    before = fingerprint(library.catalog)
    assert fingerprint(library.catalog) == before
    add(library, seed=1)
    assert fingerprint(library.catalog) != before
