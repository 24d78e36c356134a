"""Approximate search: says how much it finds, loses nothing for good, and tells pages apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.catalog.records import Scope
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.progress import Unwatched
from retrieval.vectors import approach, lists, store
from retrieval.vectors.block import make_block
from retrieval.vectors.lists import Lists, build_lists, map_lists
from retrieval.vectors.selection import Search, Selection, select
from retrieval.vectors.shelf import Shelf
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.source import (
    EVERYTHING,
    KINDS,
    REAL,
    Dictionary,
    clustered_vectors,
    content_of,
    nearest,
    recorded_vectors,
    scaled,
)

COUNT = 3000
QUERY = random_vectors(1, seed=9)[0]


def words(count: int = 60) -> Vectors:
    """Make queries that lie apart from what is searched, as words do from pictures."""
    return scaled(clustered_vectors(count, seed=77) - 1.5)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    ids = np.arange(1, COUNT + 1)
    return Shelf((make_block(ids, ids, clustered_vectors(COUNT, seed=5)),), DIM)


@pytest.fixture(scope="module")
def index(shelf: Shelf) -> Lists:
    return build_lists(shelf, words(), Unwatched())


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGE", 50 * DIM)
    monkeypatch.setattr(approach, "REACH", 20)


def everything(shelf: Shelf) -> Selection:
    return Selection(shelf, np.ones(len(shelf), np.bool_))


def search(shelf: Shelf, query: Vectors, k: int, among: Selection | None = None) -> Search:
    return Search(query, k, among or everything(shelf))


def test_the_recall_it_reports_is_what_it_finds(shelf: Shelf, index: Lists) -> None:
    vectors = shelf.at(np.arange(COUNT))
    shares = []
    for query in words()[2::4]:
        true = np.array(nearest(vectors, query, 10)[0]) + 1
        shares.append(np.isin(true, index.find(query, everything(shelf))).mean())
    assert index.about.recall == pytest.approx(np.mean(shares), abs=1e-4)
    assert index.about.recall > 0.9


@pytest.mark.skipif(not REAL.exists(), reason="needs the recorded CLIP vectors")
def test_words_take_more_lists_than_pictures() -> None:
    pictures, names = recorded_vectors()
    ids = np.arange(len(pictures))
    real = Shelf((make_block(ids, ids, pictures),), pictures.shape[1])
    near = scaled(pictures[::8] + 0.01 * np.random.default_rng(0).standard_normal((125, 512)))
    by_pictures = build_lists(real, near, Unwatched()).about.nprobe
    by_words = build_lists(real, names[:200], Unwatched()).about.nprobe
    assert by_words > 1.5 * by_pictures


@pytest.mark.skipif(not REAL.exists(), reason="needs the recorded CLIP vectors")
def test_half_the_directions_keep_what_is_nearest_to_words_that_did_not_choose_them() -> None:
    pictures, names = recorded_vectors()
    ids = np.arange(len(pictures))
    real = Shelf((make_block(ids, ids, pictures),), pictures.shape[1])
    built = build_lists(real, names[:200], Unwatched())
    assert built.parted.d == pictures.shape[1] // 2
    queries, rows = names[1:200:2], np.stack([built.shorten(row) for row in pictures])
    for query in queries:
        [best] = nearest(pictures, query, 1)[0]
        assert best in nearest(rows, built.shorten(query), 10)[0]


def test_a_mapped_index_is_not_read_ahead_by_threads(index: Lists, tmp_path: Path) -> None:
    index.write(tmp_path / "index")
    mapped = map_lists(tmp_path / "index", index.about)
    assert faiss.downcast_InvertedLists(mapped.parted.invlists).prefetch_nthread == 0


def test_an_index_of_another_form_is_none(tmp_path: Path, index: Lists) -> None:
    faiss.write_index(index.parted, str(tmp_path / "index"))
    with pytest.raises(ValueError, match="another form"):
        map_lists(tmp_path / "index", index.about)


def test_the_lists_looked_into_are_never_set_on_the_index(shelf: Shelf, index: Lists) -> None:
    before = index.parted.nprobe
    index.find(QUERY, everything(shelf))
    assert index.about.nprobe != before == index.parted.nprobe


def test_what_is_not_selected_is_never_found(shelf: Shelf, index: Lists) -> None:
    mask = np.random.default_rng(0).random(COUNT) < 0.6
    among = Selection(shelf, mask)
    for query in words(20):
        found = approach.approach(search(shelf, query, 30, among), index)
        assert mask[found.ids - 1].all()
        assert len(found.ids) == 30


def test_a_narrow_selection_is_not_for_lists(shelf: Shelf) -> None:
    assert not approach.is_for_lists(Selection(shelf, np.arange(COUNT) % 3 == 0))
    assert approach.is_for_lists(Selection(shelf, np.arange(COUNT) % 3 != 0))


def test_deeper_answers_begin_with_the_shallower_ones_and_reach_everything(
    shelf: Shelf, index: Lists
) -> None:
    for query in words(5):
        whole = approach.approach(search(shelf, query, COUNT), index)
        assert sorted(whole.ids.tolist()) == list(range(1, COUNT + 1))
        assert (np.diff(whole.similarities) <= 0).all()
        for k in (1, 10, 19, 20, 21, 50, 1000):
            part = approach.approach(search(shelf, query, k), index)
            assert part.ids.tolist() == whole.ids[:k].tolist()


def test_threads_with_scopes_of_their_own_get_answers_of_their_own(
    shelf: Shelf, index: Lists
) -> None:
    scopes = [Scope.of(np.flatnonzero(np.arange(COUNT) % 5 != rest) + 1) for rest in range(5)]

    def ask(number: int) -> list[int]:
        among = select(shelf, scopes[number % 5])
        return approach.approach(search(shelf, QUERY, 15, among), index).ids.tolist()

    alone = [ask(number) for number in range(5)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(40))) == alone * 8


# In a store.


def indexed(directory: Path, source: Dictionary) -> VectorStore:
    vectors = VectorStore(directory, "here", DIM, source)
    vectors.save()
    vectors.approximate(words, Unwatched())
    return vectors


def assert_has_everything(vectors: VectorStore, source: Dictionary) -> None:
    for kind in KINDS:
        keys = source.of_kind(kind)
        found = vectors.search(kind, QUERY, len(keys) + 5, EVERYTHING)
        assert sorted(found.ids.tolist()) == keys
        assert found.contents.tolist() == [content_of(key) for key in found.ids.tolist()]
        rows = np.array([source.rows[key] for key in keys], np.float32).reshape(-1, DIM)
        true = [keys[position] for position in nearest(rows, QUERY, 3)[0]]
        assert vectors.search_exactly(kind, QUERY, 3, EVERYTHING).ids.tolist() == true


def test_a_large_kind_gets_an_index_that_others_use_too(tmp_path: Path) -> None:
    source = Dictionary(400)
    assert indexed(tmp_path, source).indexes.keys() == set(KINDS)
    again = VectorStore(tmp_path, "here", DIM, source)
    assert again.indexes.keys() == set(KINDS)
    assert_has_everything(again, source)


def test_a_small_kind_is_searched_exactly(tmp_path: Path) -> None:
    assert indexed(tmp_path, Dictionary(20)).indexes == {}


def test_what_came_after_the_index_is_found_at_once(tmp_path: Path) -> None:
    source = Dictionary(400)
    vectors = indexed(tmp_path, source)
    source.rows[401] = source.rows[402] = QUERY
    vectors.catch_up()
    assert vectors.search(Kind.TEXT, QUERY, 1, EVERYTHING).ids.tolist() == [401]
    assert vectors.search(Kind.IMAGE, QUERY, 1, EVERYTHING).ids.tolist() == [402]
    assert_has_everything(vectors, source)


def test_an_index_takes_in_new_rows_and_is_drawn_up_anew_when_outgrown(tmp_path: Path) -> None:
    source = Dictionary(400)
    vectors = indexed(tmp_path, source)
    for count, trained_on in ((402, 200), (500, 200), (1000, 500)):
        for key in range(len(source.rows) + 1, count + 1):
            source.put(key)
        vectors.save()
        vectors.approximate(words, Unwatched())
        about = vectors.indexes[Kind.IMAGE]
        assert about.trained_on == trained_on
        assert (about.last == source.of_kind(Kind.IMAGE)[-1]) == (count != 402)
        assert_has_everything(vectors, source)
    names = {file.name for file in (tmp_path / "vectors").glob("*.ivf")}
    assert len(names) == len(KINDS), "those it replaced are gone"


def test_deleted_rows_never_come_back(tmp_path: Path) -> None:
    source = Dictionary(400)
    reader = indexed(tmp_path, source)
    for gone in (range(1, 40), range(40, 250)):
        for key in gone:
            del source.rows[key]
        reader.catch_up()
        assert_has_everything(reader, source)
        writer = indexed(tmp_path, source)
        assert_has_everything(writer, source)
        assert_has_everything(VectorStore(tmp_path, "here", DIM, source), source)


@pytest.mark.parametrize("gone", [range(3, 5), range(1, 401, 2), range(1, 401)])
def test_after_a_purge_no_index_holds_what_left_the_catalog(tmp_path: Path, gone: range) -> None:
    source = Dictionary(400)
    before = indexed(tmp_path, source).indexes
    for key in gone:
        del source.rows[key]
    store = VectorStore(tmp_path, "here", DIM, source)
    store.purge()
    held = {kind: store._shelves.lists[kind]._ids().tolist() for kind in store.indexes}
    assert held.keys() == {kind for kind in before if source.of_kind(kind)}
    assert all(sorted(ids) == source.of_kind(kind) for kind, ids in held.items())
    assert all(store.indexes[kind].nprobe == before[kind].nprobe for kind in held)
    assert_has_everything(store, source)
    assert_has_everything(VectorStore(tmp_path, "here", DIM, source), source)


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_a_damaged_index_is_said_so_and_drawn_up_anew(tmp_path: Path, keep: int) -> None:
    source = Dictionary(400)
    indexed(tmp_path, source)
    [file] = (tmp_path / "vectors").glob("image-*.ivf")
    file.write_bytes(file.read_bytes()[:keep])
    again = VectorStore(tmp_path, "here", DIM, source)
    assert file.name in again.notice
    assert again.indexes.keys() == {Kind.TEXT}
    assert_has_everything(again, source)
    again.approximate(words, Unwatched())
    assert again.indexes.keys() == set(KINDS)
    assert VectorStore(tmp_path, "here", DIM, source).notice == ""


def test_an_interrupted_renewal_leaves_the_old_index(tmp_path: Path) -> None:
    source = Dictionary(400)
    vectors = indexed(tmp_path, source)
    before = vectors.indexes
    for key in range(401, 1200):
        source.put(key)
    vectors.save()

    class Impatient(Unwatched):
        def advance(self, steps: int = 1) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vectors.approximate(words, Impatient())
    again = VectorStore(tmp_path, "here", DIM, source)
    assert again.indexes == before
    assert_has_everything(again, source)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["add", "delete", "save", "index", "reopen"]), max_size=12))
def test_any_history_keeps_everything(steps: list[str]) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "LARGE", 10 * DIM)
        patch.setattr(approach, "REACH", 5)
        patch.setattr(lists, "ROUNDS", 1)
        source = Dictionary(60)
        vectors, reader = indexed(Path(name), source), indexed(Path(name), source)
        for step in steps:
            if step == "add":
                for key in range(max(source.rows) + 1, max(source.rows) + 9):
                    source.put(key)
            elif step == "delete":
                for key in sorted(source.rows)[:7]:
                    del source.rows[key]
            elif step == "save":
                vectors.save()
            elif step == "index":
                vectors.save()
                vectors.approximate(words, Unwatched())
            elif step == "reopen":
                vectors = VectorStore(Path(name), "here", DIM, source)
            if not source.rows:
                source.put(1000)
            vectors.catch_up()
            assert_has_everything(vectors, source)
        reader.catch_up()
        assert_has_everything(reader, source)
