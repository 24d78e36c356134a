"""The word indexes: what is found by which words, and that they keep up with the catalog."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from retrieval.catalog import matching, words
from retrieval.catalog.records import FoundFile, Ids, NewContent
from retrieval.library import CATALOG, Library
from retrieval.media import Kind
from retrieval.words import words_of
from tests.fakes import FakeEncoder
from tests.shelf import MTIME, content, new, put, random_vectors

TEXTS = {
    "run.txt": "Two dogs are running on the beach.",
    "rerun.txt": "He runs. A café in Zürich.",
    "beach.txt": "沙滩上奔跑的狗",
    "barn.txt": "A red barn; the red-barn owl. IMG2024",
}


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Open a library with a few texts, which tests may add to."""
    folder = tmp_path_factory.mktemp("words")
    with Library.open(folder / "library", FakeEncoder()) as library:
        put(library, folder / "a", *(text(name, said) for name, said in TEXTS.items()))
        yield library


def text(name: str, *passages: str) -> NewContent:
    return new(name, random_vectors(len(passages)), Kind.TEXT, passages)


def said(library: Library, query: str) -> dict[str, float]:
    """Give what holds words of a query, by its text, with its share."""
    found = library.catalog.words.matching(query).passages
    texts = dict(ask(library.path / CATALOG, "SELECT id, text FROM passages"))
    shares = zip(found.ids.tolist(), found.shares.tolist(), strict=True)
    return {texts[passage]: share for passage, share in shares}


def called(library: Library, query: str) -> list[str]:
    """Give the paths of the files whose names hold words of a query."""
    contents = set(library.catalog.words.matching(query).contents.ids.tolist())
    rows = ask(library.path / CATALOG, "SELECT content_id, path FROM items ORDER BY path")
    return [path for content, path in rows if content in contents]


def ask(file: Path, *statements: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    rows = [connection.execute(statement).fetchall() for statement in statements][-1]
    connection.close()
    return rows


# What is found.


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("running", {"run.txt", "rerun.txt"}),
        ("RUN", {"run.txt", "rerun.txt"}),
        ("dog", {"run.txt"}),
        ("cafe zurich", {"rerun.txt"}),
        ("沙滩", {"beach.txt"}),
        ("狗", {"beach.txt"}),
        ("滩沙", set()),
        ("狗 dog", {"run.txt", "beach.txt"}),
        ("img_2024", {"barn.txt"}),
        ("owls", {"barn.txt"}),
        ("zebra", set()),
        ("", set()),
        ("ru", set()),
    ],
)
def test_texts_are_found_by_their_words(shelved: Library, query: str, found: set[str]) -> None:
    assert said(shelved, query).keys() == {TEXTS[name] for name in found}


def test_the_share_is_what_is_held_of_the_query_by_rarity(shelved: Library) -> None:
    shares = said(shelved, "running dogs")
    assert shares[TEXTS["run.txt"]] == pytest.approx(1)
    assert 0 < shares[TEXTS["rerun.txt"]] < 0.5, "more texts run than have dogs"
    assert said(shelved, "dogs zebra")[TEXTS["run.txt"]] < 0.5


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("red barn", ["barn.txt"]),
        ("RED-BARN owl", ["barn.txt"]),
        ("barn red", []),
        ("dogs are running", ["run.txt"]),
        ("dog are running", []),
        ("run", ["run.txt"]),
        ("runs", ["rerun.txt"]),
        ("上奔跑的", ["beach.txt"]),
        ("a cafe in zurich", ["rerun.txt"]),
        ("beach he", []),
        ("txt", sorted(TEXTS)),
        ("…", []),
        ("", []),
    ],
)
def test_phrases_are_held_word_for_word(shelved: Library, phrase: str, names: list[str]) -> None:
    """``run`` is held by the name of one file, and by no text: no stem is a word of a phrase."""
    held = set(shelved.catalog.words.holding(phrase).tolist())
    rows = ask(shelved.path / CATALOG, "SELECT content_id, path FROM items ORDER BY path")
    assert [path for content, path in rows if content in held and path in TEXTS] == names


def test_what_holds_a_phrase_is_read_again_only_when_the_catalog_changes(
    library: Library, tmp_path: Path
) -> None:
    put(library, tmp_path / "a", new("one.txt", random_vectors(1), Kind.TEXT, ["a red barn"]))
    first = library.catalog.words.holding("red barn")
    assert library.catalog.words.holding("Red  barn!") is first
    put(library, tmp_path / "a", new("two.txt", random_vectors(1), Kind.TEXT, ["the red barn"]))
    assert library.catalog.words.holding("red barn").tolist() == [1, 2]
    assert first.tolist() == [1]


@settings(deadline=None)
@given(st.text() | st.sampled_from(['"', "NEAR(a b)", "words:", "a AND", "x*", "^x", "\x00", "'"]))
def test_any_text_is_a_query_and_a_phrase(shelved: Library, query: str) -> None:
    for hostile in (query, f'"{query}', f"-{query}*", f"words : {query} NOT"):
        matches = shelved.catalog.words.matching(hostile)
        assert np.all((matches.passages.shares > 0) & (matches.passages.shares < 1 + 1e-9))
        assert np.all(np.diff(shelved.catalog.words.holding(hostile)) > 0)


CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@settings(deadline=None, max_examples=40)
@given(st.text() | st.text(CHINESE, min_size=2))
def test_a_text_is_found_by_each_of_its_words(shelved: Library, written: str) -> None:
    sample = written.encode("utf-8", "ignore").decode()
    [(count,)] = ask(shelved.path / CATALOG, "SELECT count(*) FROM contents")
    put(shelved, shelved.path.parent / "a", text(f"{count}.md", sample))
    found = list(words_of(sample))
    for first, last in [*zip(found, found, strict=True), *pairwise(found)]:
        stretch = sample[first.start : last.end]
        assert said(shelved, stretch).get(sample) == pytest.approx(1)
        assert len(shelved.catalog.words.holding(stretch))


def test_an_empty_library_holds_no_word(library: Library) -> None:
    assert said(library, "dog 狗") == {}
    assert called(library, "dog 狗") == []
    assert len(library.catalog.words.holding("dog")) == 0


def test_of_many_texts_common_words_count_with_rarer_ones(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "COMMON", 5)
    texts = [f"the {'dog' if i % 2 else 'cat'} {'barn' if i in (3, 4) else ''}" for i in range(20)]
    put(library, tmp_path / "a", text("many.md", *texts))
    assert said(library, "the") == {}, "half of all texts are no answer"
    assert said(library, "the dog") == {}
    shares = said(library, "the dog barn")
    assert set(shares) == {"the dog barn", "the cat barn"}
    assert shares["the dog barn"] == pytest.approx(1)
    assert 0.5 < shares["the cat barn"] < 1
    assert len(library.catalog.words.holding("the")) == 1


def test_of_common_words_together_what_holds_all_is_found_where_it_is_few(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "COMMON", 5)
    texts = [("dog" if i < 8 else "") + (" cat" if i > 5 else "") for i in range(20)]
    put(library, tmp_path / "a", text("many.md", *texts))
    assert said(library, "cat dog") == pytest.approx({"dog cat": 1})


# What files are called.


def test_files_are_found_by_folder_name_and_title(library: Library, tmp_path: Path) -> None:
    titled = replace(
        text("b/x.html", "words"), content=replace(content("x"), title="Annual Report")
    )
    put(library, tmp_path / "a", new("Italy/IMG_0001.jpg", random_vectors(1)), titled)
    assert called(library, "italy") == called(library, "img0001") == ["Italy/IMG_0001.jpg"]
    assert called(library, "reports") == ["b/x.html"]
    assert len(library.catalog.words.holding("annual report")) == 1


def test_what_lies_at_a_missing_path_is_not_found_by_it(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", new("old.jpg", random_vectors(1)))
    with library.write() as writer:
        root = writer.root(tmp_path / "a")
        writer.place(root, FoundFile("copy.jpg", 3, MTIME), content("old.jpg").hash)
        assert called(library, "old") == ["copy.jpg", "old.jpg"]
        writer.retire(root, ["old.jpg"])
    assert called(library, "old") == []
    assert len(library.catalog.words.holding("old jpg")) == 0
    assert called(library, "copy") == ["copy.jpg", "old.jpg"], "they are the same content"


def test_a_root_around_a_root_names_its_files_anew(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "inside", new("x.jpg", random_vectors(1)))
    assert called(library, "inside") == []
    with library.write() as writer:
        writer.root(tmp_path)
    assert called(library, "inside") == ["inside/x.jpg"]


# Keeping up.


def contents_of(file: Path) -> list[list[tuple[Any, ...]]]:
    """List every word in both indexes, with its row, column and place."""
    return [
        ask(
            file,
            f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, {table}, instance)",
            "SELECT term, doc, col, offset FROM temp.seen ORDER BY 1, 2, 3, 4",
        )
        for table in words.TABLES
    ]


def rebuilt(file: Path) -> list[list[tuple[Any, ...]]]:
    """List the same of a copy of the catalog whose indexes are made anew."""
    copy = file.with_name("copy.sqlite")
    copy.unlink(missing_ok=True)
    ask(file, f"VACUUM INTO '{copy}'")
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        words.rebuild(connection)
    engine.dispose()
    return contents_of(copy)


NAMES = st.sampled_from(["a.txt", "in/b.txt", "in/c d.txt", "狗.txt"])
CHANGES = st.one_of(
    st.tuples(st.just("add"), NAMES, st.sampled_from(["dogs run", "沙滩 x", "", "Hügel"])),
    st.tuples(st.just("place"), NAMES, st.sampled_from([0, 1, 2])),
    st.tuples(st.just("fail"), NAMES, st.just("torn")),
    st.tuples(st.just("retire"), NAMES, st.just("")),
    st.tuples(st.just("adopt"), NAMES, st.just("")),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(CHANGES, max_size=8), st.sampled_from(["one", "two"]))
def test_after_any_history_the_indexes_are_as_if_made_anew(
    shelved: Library, history: list[tuple[str, str, Any]], folder: str
) -> None:
    place = shelved.path.parent / folder / "deep"
    with shelved.write() as writer:
        for change, name, what in history:
            root = writer.root(place.parent if change == "adopt" else place)
            found = FoundFile(name, 3, MTIME)
            known = [row[0] for row in ask(shelved.path / CATALOG, "SELECT hash FROM contents")]
            if change == "add":
                fresh = text(f"{len(known)}", what)
                writer.add(root, [replace(fresh, file=found)])
            elif change == "place":
                writer.place(root, found, known[what])
            elif change == "fail":
                writer.fail(root, found, what)
            elif change == "retire":
                writer.retire(root, [name])
    assert contents_of(shelved.path / CATALOG) == rebuilt(shelved.path / CATALOG)


def test_what_is_taken_out_leaves_no_word(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", text("x.md", *TEXTS.values()), text("y.md", "dogs stay"))
    engine = create_engine(f"sqlite:///{library.path / CATALOG}")
    with engine.begin() as connection:
        words.remove_passages(connection, content=1)
        connection.exec_driver_sql("DELETE FROM passages WHERE content_id = 1")
    engine.dispose()
    assert contents_of(library.path / CATALOG) == rebuilt(library.path / CATALOG)
    assert said(library, "running dogs").keys() == {"dogs stay"}


def test_a_batch_that_fails_leaves_no_word(library: Library, tmp_path: Path) -> None:
    bad = replace(text("bad.md", "one", "two"), vectors=random_vectors(3))
    with pytest.raises(ValueError, match="2 passages but 3 vectors"):
        put(library, tmp_path / "a", text("good.md", "zebra"), bad)
    assert contents_of(library.path / CATALOG) == [[], []]


def test_many_may_ask_for_words_at_once(shelved: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """None holds a connection while it waits for another, of which there might be no more."""
    everyone = Barrier(40)
    ids = matching._ids

    def slow(*asked: Any) -> Ids:
        with suppress(BrokenBarrierError):
            everyone.wait(5)
        return ids(*asked)

    monkeypatch.setattr(matching, "_ids", slow)
    with ThreadPoolExecutor(40) as threads:
        found = list(threads.map(shelved.catalog.words.matching, ["red"] * 40, timeout=25))
    assert len(found) == 40
