"""A store with a GPU: when it copies what, and that it answers as one without, whatever happens."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.catalog.records import Scope
from retrieval.media import Kind
from retrieval.vectors import lists, mirrors
from retrieval.vectors.gpu import Gpus, Placement
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.mirrored import (
    MANY,
    QUERY,
    Wholesale,
    ask_often,
    assert_answers_for,
    copied,
    listed,
    opened,
    take_small_for_large,
)
from tests.vectors.source import (
    EVERYTHING,
    KINDS,
    Dictionary,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    take_small_for_large(monkeypatch)


def test_rows_are_copied_once_they_were_asked_for_often(tmp_path: Path) -> None:
    source, faiss = Dictionary(200), FakeFaiss()
    opened(tmp_path, source, faiss).save()
    vectors = opened(tmp_path, source, faiss)
    vectors.search(Kind.TEXT, QUERY, 3, EVERYTHING)
    vectors.mirrors.settle()
    assert vectors.mirrors.placements == {}
    vectors.search(Kind.TEXT, QUERY, 3, EVERYTHING)
    vectors.mirrors.settle()
    assert vectors.mirrors.placements == {Kind.TEXT: Placement("float32", 1, parted=False)}
    before = len(faiss.searches)
    assert_answers_for(vectors, source, 7)
    assert len(faiss.searches) > before
    assert (vectors.gpus, vectors.notice) == (1, "")


def test_a_small_kind_never_looks_for_a_gpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "LARGE", 1000 * DIM)
    source = Dictionary(200)
    vectors = VectorStore(tmp_path, "here", DIM, source, lambda: pytest.fail("looked for one"))
    vectors.save()
    ask_often(vectors)


def test_without_a_gpu_nothing_is_said_and_it_is_looked_for_once(tmp_path: Path) -> None:
    looked: list[int] = []
    source = Dictionary(200)
    vectors = VectorStore(tmp_path, "here", DIM, source, lambda: looked.append(1))
    vectors.save()
    ask_often(vectors)
    assert_answers_for(vectors, source, 7)
    assert (vectors.notice, len(looked)) == ("", len(KINDS))
    assert vectors.gpus == 0


def test_a_copy_is_made_again_when_the_rows_changed_much(tmp_path: Path) -> None:
    source, faiss = Dictionary(200), FakeFaiss(1, 1000 * DIM * 4)
    vectors = copied(tmp_path, source, faiss)
    left = faiss.free[0]
    for count in (202, 400):
        for key in range(len(source.rows) + 1, count + 1):
            source.put(key)
        vectors.save()
        vectors.catch_up()
        ask_often(vectors)
        assert_answers_for(vectors, source, 9)
        assert (faiss.free[0] == left) == (count == 202)
    for key in range(1, 301):
        del source.rows[key]
    vectors.save()
    ask_often(vectors)
    assert_answers_for(vectors, source, 9)
    assert faiss.free[0] > left


def test_a_row_that_came_after_the_copy_is_found_at_once(tmp_path: Path) -> None:
    source = Dictionary(200)
    vectors = copied(tmp_path, source, FakeFaiss())
    source.rows[201] = source.rows[202] = QUERY
    del source.rows[100]
    vectors.catch_up()
    assert vectors.search(Kind.TEXT, QUERY, 1, EVERYTHING).ids.tolist() == [201]
    assert_answers_for(vectors, source, 20)


@pytest.mark.parametrize("k", [1, 60, 2033, 5000])
def test_pages_of_any_depth_and_any_scope_are_the_processor_s(tmp_path: Path, k: int) -> None:
    source = Wholesale(2 * MANY)
    vectors = copied(tmp_path, source, FakeFaiss())
    assert_answers_for(vectors, source, k)
    for contents in (range(1, MANY, 3), [5, 9], []):
        assert_answers_for(vectors, source, k, Scope.of(np.array(contents, np.int64)))


def test_short_of_memory_the_processor_answers_and_says_why(tmp_path: Path) -> None:
    source = Dictionary(200)
    vectors = copied(tmp_path, source, FakeFaiss(1, 10))
    assert vectors.mirrors.placements == {}
    assert "out of memory" in vectors.notice
    assert "TRIPTYCH_GPU=off" in vectors.notice
    assert_answers_for(vectors, source, 7)


@pytest.mark.parametrize("trouble", ["fails_to_search", "wrong_by"])
def test_a_gpu_that_fails_is_given_up_with_a_notice(tmp_path: Path, trouble: str) -> None:
    source, faiss = Dictionary(200), FakeFaiss()
    vectors = copied(tmp_path, source, faiss)
    setattr(faiss, trouble, 1)
    assert_answers_for(vectors, source, 7)
    assert vectors.mirrors.placements == {}
    assert "CUDA error 700" in vectors.notice or "wrong by up to 1.0e+00" in vectors.notice
    before = len(faiss.searches)
    ask_often(vectors)
    assert len(faiss.searches) == before


def test_what_no_gpu_is_expected_to_do_is_raised(tmp_path: Path) -> None:
    source = Dictionary(200)
    vectors = VectorStore(tmp_path, "here", DIM, source, lambda: Gpus(None))
    vectors.save()
    with pytest.raises(AttributeError):
        ask_often(vectors)


@settings(deadline=None, max_examples=30)
@given(
    steps=st.lists(
        st.sampled_from(["add", "add many", "delete", "save", "reopen", "ask"]), max_size=20
    ),
    memory=st.sampled_from([0, 40 * DIM * 4, 10**9]),
    gpus=st.integers(1, 3),
)
def test_any_history_answers_like_a_dictionary(steps: list[str], memory: int, gpus: int) -> None:
    with TemporaryDirectory() as name:
        directory, source, faiss, last = Path(name), Dictionary(), FakeFaiss(gpus, memory), 0
        vectors = opened(directory, source, faiss)
        for step in steps:
            if step.startswith("add"):
                for _ in range(40 if "many" in step else 1):
                    last += 1
                    source.put(last)
            elif step == "delete" and source.rows:
                del source.rows[min(source.rows)]
            elif step == "save":
                vectors.save()
            elif step == "reopen":
                vectors = opened(directory, source, faiss)
            else:
                ask_often(vectors)
            vectors.catch_up()
        assert_answers_for(vectors, source, 5)
        vectors.mirrors.settle()
        assert_answers_for(vectors, source, 500)


def test_rows_that_fit_are_searched_exactly_though_there_are_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ENOUGH", 0.5)
    vectors, source = listed(tmp_path, FakeFaiss())
    plain = VectorStore(tmp_path, "here", DIM, Dictionary(), lambda: None)
    kind, found = Kind.IMAGE, []
    for query in random_vectors(30, seed=3):
        true = plain.search_exactly(kind, query, 9, EVERYTHING).ids.tolist()
        assert vectors.search(kind, query, 9, EVERYTHING).ids.tolist() == true
        found.append(plain.search(kind, query, 9, EVERYTHING).ids.tolist() == true)
    assert not all(found), "the lists overlook some"
    assert vectors.mirrors.placements[kind].content == "float32"
    for k in (5, 19, 21, 300, 2 * MANY):
        assert_answers_for(vectors, source, k)
