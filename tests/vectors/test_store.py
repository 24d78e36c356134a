"""The FAISS file is a cache: whatever happens to it, the catalog makes it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors


class Shelf:
    """A dictionary of vectors in place of a catalog, that counts what is read of it."""

    def __init__(self, count: int = 0) -> None:
        self.rows = dict(enumerate(random_vectors(count), start=1)) if count else {}
        self.read = 0

    def count_vectors(self, up_to: int) -> int:
        return sum(key <= up_to for key in self.rows)

    def vectors_after(self, last: int) -> Iterator[tuple[Ids, Vectors]]:
        keys = sorted(key for key in self.rows if key > last)
        for start in range(0, len(keys), 7):
            part = keys[start : start + 7]
            self.read += len(part)
            yield np.array(part, np.int64), np.stack([self.rows[key] for key in part])


def make(directory: Path, shelf: Shelf, library: str = "here") -> VectorStore:
    store = VectorStore(directory, library, DIM, shelf)
    store.catch_up()
    return store


def ids(shelf: Shelf) -> Ids:
    return np.array(sorted(shelf.rows), np.int64)


def assert_answers_for(store: VectorStore, shelf: Shelf) -> None:
    query = random_vectors(1, seed=9)[0]
    found, similarities = store.search(query, len(shelf.rows), ids(shelf))
    expected = sorted(shelf.rows, key=lambda key: -float(shelf.rows[key] @ query))
    assert found.tolist() == expected
    np.testing.assert_allclose(similarities, [shelf.rows[k] @ query for k in expected], atol=1e-5)


def test_a_saved_index_is_used_without_reading_the_catalog_again(tmp_path: Path) -> None:
    shelf = Shelf(30)
    make(tmp_path, shelf).save()
    shelf.read = 0
    store = make(tmp_path, shelf)
    assert (shelf.read, store.notice) == (0, "")
    assert_answers_for(store, shelf)


def test_only_what_is_new_is_added(tmp_path: Path) -> None:
    shelf = Shelf(30)
    make(tmp_path, shelf).save()
    shelf.rows[31] = random_vectors(1, seed=1)[0]
    shelf.read = 0
    store = make(tmp_path, shelf)
    assert shelf.read == 1
    assert_answers_for(store, shelf)


def test_a_row_that_left_the_catalog_leaves_the_index(tmp_path: Path) -> None:
    shelf = Shelf(30)
    make(tmp_path, shelf).save()
    del shelf.rows[7]
    assert_answers_for(make(tmp_path, shelf), shelf)


@pytest.mark.parametrize("keep", [0, 10, 1000])
def test_a_truncated_file_is_kept_aside_and_rebuilt(tmp_path: Path, keep: int) -> None:
    shelf = Shelf(30)
    store = make(tmp_path, shelf)
    store.save()
    damaged = store.file.read_bytes()[:keep]
    store.file.write_bytes(damaged)
    again = make(tmp_path, shelf)
    assert "cannot be used" in again.notice
    assert (tmp_path / "vectors.faiss.bad").read_bytes() == damaged
    assert_answers_for(again, shelf)
    again.save()
    assert make(tmp_path, shelf).notice == ""


def test_a_deleted_file_is_rebuilt(tmp_path: Path) -> None:
    shelf = Shelf(30)
    store = make(tmp_path, shelf)
    store.save()
    store.file.unlink()
    assert_answers_for(make(tmp_path, shelf), shelf)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"library": "here"}', '{"x": 1}'])
def test_a_bad_manifest_is_not_believed(tmp_path: Path, content: str) -> None:
    shelf = Shelf(30)
    make(tmp_path, shelf).save()
    (tmp_path / "vectors.json").write_text(content)
    store = make(tmp_path, shelf)
    assert "cannot be used" in store.notice
    assert_answers_for(store, shelf)


def test_an_index_newer_than_its_manifest_is_not_believed(tmp_path: Path) -> None:
    shelf = Shelf(30)
    store = make(tmp_path, shelf)
    store.save()
    manifest = (tmp_path / "vectors.json").read_text()
    shelf.rows[31] = random_vectors(1, seed=1)[0]
    store.catch_up()
    store.save()
    (tmp_path / "vectors.json").write_text(manifest)
    assert_answers_for(make(tmp_path, shelf), shelf)


def test_the_index_of_another_library_is_not_believed(tmp_path: Path) -> None:
    make(tmp_path, Shelf(30)).save()
    store = make(tmp_path, Shelf(5), library="there")
    assert "cannot be used" in store.notice
    assert len(store) == 5


def test_saving_leaves_no_temporary_file(tmp_path: Path) -> None:
    make(tmp_path, Shelf(3)).save()
    assert {file.name for file in tmp_path.iterdir()} == {"vectors.faiss", "vectors.json"}
    assert json.loads((tmp_path / "vectors.json").read_text())["count"] == 3


def test_a_search_among_few_finds_them_all(tmp_path: Path) -> None:
    shelf = Shelf(30)
    store = make(tmp_path, shelf)
    few = np.array([3, 20], np.int64)
    found, _ = store.search(random_vectors(1, seed=9)[0], 100, few)
    assert sorted(found.tolist()) == [3, 20]


def test_vectors_come_back_as_they_went_in(tmp_path: Path) -> None:
    shelf = Shelf(30)
    store = make(tmp_path, shelf)
    wanted = np.array([4, 2, 99], np.int64)
    np.testing.assert_array_equal(
        store.vectors_of(wanted), np.stack([shelf.rows[4], shelf.rows[2]])
    )
    assert store.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["add", "delete", "save", "reopen"]), max_size=25))
def test_any_history_answers_like_a_dictionary(steps: list[str]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        directory, shelf, last = Path(name), Shelf(), 0
        store = make(directory, shelf)
        for step in steps:
            if step == "add":
                last += 1
                shelf.rows[last] = random_vectors(1, seed=last)[0]
            elif step == "delete" and shelf.rows:
                del shelf.rows[min(shelf.rows)]
            elif step == "save":
                store.save()
            elif step == "reopen":
                store = make(directory, shelf)
            store.catch_up()
        if shelf.rows:
            assert_answers_for(store, shelf)
        assert len(store) == len(shelf.rows)
