"""A query that only restricts lists what may answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.catalog.records import FoundFile, NewContent
from retrieval.library import Library
from retrieval.media import Filters, Kind, Phrase, Query
from retrieval.search.language import read_line
from tests.fakes import DIM
from tests.shelf import new, put, random_vectors

EVERYTHING = Filters(kinds=frozenset(Kind))


def modified(one: NewContent, path: str, when: datetime) -> NewContent:
    return replace(one, file=FoundFile(path, one.file.size, int(when.timestamp() * 1e9)))


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> Library:
    photo, note, old, scan, clip = random_vectors(5)
    put(
        library,
        tmp_path / "media",
        modified(new("note.txt", note, Kind.TEXT, ["A barn."]), "note.txt", datetime(2023, 1, 1)),
        new("photos/new.jpg", photo, taken_at=datetime(2024, 2, 1)),
        new("photos/old.jpg", old, taken_at=datetime(2001, 1, 1)),
        modified(new("scan.png", scan), "scan.png", datetime(2024, 1, 1)),
        modified(new("clip.wav", clip, Kind.AUDIO, ["hello"]), "clip.wav", datetime(2022, 1, 1)),
    )
    return library


def listed(library: Library, query: Query) -> list[str]:
    return [hit.item.path for hit in library.search(query).hits]


def test_the_newest_come_first_by_when_they_were_taken_or_else_modified(shelf: Library) -> None:
    answer = shelf.search(Query((), EVERYTHING))
    newest = ["photos/new.jpg", "scan.png", "note.txt", "clip.wav", "photos/old.jpg"]
    assert [hit.item.path for hit in answer.hits] == newest
    assert answer.total == 5


def test_only_what_passes_the_filters_is_listed(shelf: Library) -> None:
    assert listed(shelf, Query((), Filters(folder="photos", after=datetime(2002, 1, 1)))) == [
        "photos/new.jpg"
    ]
    line = read_line("kind:image before:2024-02")
    assert listed(shelf, Query(line.terms, line.filters)) == ["scan.png", "photos/old.jpg"]
    assert shelf.search(Query((), Filters(folder="nowhere"))).total == 0


def test_what_holds_an_unwanted_phrase_is_not_listed(shelf: Library) -> None:
    line = read_line('-"a barn" kind:text,audio')
    assert listed(shelf, Query(line.terms, line.filters, phrases=line.phrases)) == ["clip.wav"]
    assert listed(shelf, Query((), phrases=(Phrase("a barn"),))) == ["note.txt"]


def test_what_is_listed_has_no_score_and_is_not_in_doubt(shelf: Library) -> None:
    answer = shelf.search(Query((), EVERYTHING))
    assert {(hit.score, hit.similarity, hit.passages) for hit in answer.hits} == {(None, None, 0)}
    assert (answer.ranked, answer.confident) == (False, True)
    assert answer.good == answer.hits


def test_a_document_is_shown_by_how_it_begins(library: Library, tmp_path: Path) -> None:
    put(
        library, tmp_path / "a", new("b.txt", random_vectors(3), Kind.TEXT, ["one", "two", "three"])
    )
    [hit] = library.search(Query((), EVERYTHING)).hits
    assert hit.passage.text == "one"
    assert hit.passage_id == library.passages(hit.item)[0][0]


def test_a_recording_without_words_is_listed_too(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", new("rain.wav", np.empty((0, DIM)), Kind.AUDIO))
    answer = library.search(Query((), EVERYTHING))
    [hit] = answer.hits
    assert (hit.item.path, hit.passage_id, hit.passage.text) == ("rain.wav", None, "")
    assert answer.total == 1


def test_copies_are_listed_once_as_new_as_the_newest(library: Library, tmp_path: Path) -> None:
    [copied, other] = random_vectors(2)
    twin = new("first.png", copied)
    put(
        library,
        tmp_path / "a",
        modified(twin, "first.png", datetime(2020, 1, 1)),
        modified(twin, "kept/again.png", datetime(2022, 1, 1)),
        modified(new("other.png", other), "other.png", datetime(2021, 1, 1)),
    )
    assert listed(library, Query((), EVERYTHING)) == ["first.png", "other.png"]
    assert listed(library, Query((), Filters(folder="kept"))) == ["kept/again.png"]


def test_what_another_process_adds_is_listed_at_once(shelf: Library, tmp_path: Path) -> None:
    assert len(listed(shelf, Query((), EVERYTHING))) == 5
    with Library.open(shelf.path, shelf.encoder) as other:
        put(other, tmp_path / "media", new("more.png", random_vectors(1, seed=9)))
    assert "more.png" in listed(shelf, Query((), EVERYTHING))


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(k=st.integers(1, 7), kinds=st.sets(st.sampled_from([Kind.IMAGE, Kind.TEXT]), min_size=1))
def test_pages_tile_the_list(shelf: Library, k: int, kinds: set[Kind]) -> None:
    filters = Filters(frozenset(kinds))
    whole = shelf.search(Query((), filters, 100))
    pages = [shelf.search(Query((), filters, k, at)).hits for at in range(0, whole.total, k)]
    assert [hit for page in pages for hit in page] == list(whole.hits)
    assert len(whole.hits) == whole.total
