"""Answers say how many of each kind pass the other filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.library import Library
from retrieval.media import Filters, Kind, Phrase, Query, TextTerm
from tests.shelf import new, put, random_vectors

RED = (TextTerm("red"),)
PICTURES = frozenset({Kind.IMAGE})


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> Library:
    first, second, third, note, clip, silent = random_vectors(6)
    put(
        library,
        tmp_path / "media",
        new("trip/one.jpg", first),
        new("trip/two.jpg", second),
        new("home.jpg", third),
        new("trip/note.txt", note, Kind.TEXT, ["A barn."]),
        new("clip.wav", clip, Kind.AUDIO, ["hello"]),
        new("silent.wav", silent[:0], Kind.AUDIO),
    )
    return library


@pytest.mark.parametrize("kinds", [frozenset(), PICTURES, frozenset({Kind.VIDEO})])
def test_the_kinds_asked_for_make_no_difference(shelf: Library, kinds: frozenset[Kind]) -> None:
    answer = shelf.search(Query(RED, Filters(kinds)))
    assert answer.by_kind == {Kind.IMAGE: 3, Kind.TEXT: 1, Kind.AUDIO: 1}
    assert answer.total == sum(answer.by_kind.get(kind, 0) for kind in kinds or Kind)


@pytest.mark.parametrize("terms", [RED, ()])
def test_every_other_restriction_counts(shelf: Library, terms: tuple[TextTerm, ...]) -> None:
    inside = Filters(PICTURES, folder="trip")
    assert shelf.search(Query(terms, inside)).by_kind == {Kind.IMAGE: 2, Kind.TEXT: 1}
    quoted = Query(terms, inside, phrases=(Phrase("barn"),))
    assert shelf.search(quoted).by_kind == {Kind.TEXT: 1}
    assert shelf.search(quoted).total == 0


def test_a_list_counts_what_no_query_finds(shelf: Library) -> None:
    listed = shelf.search(Query((), Filters(PICTURES)))
    assert listed.by_kind == {Kind.IMAGE: 3, Kind.TEXT: 1, Kind.AUDIO: 2}
