"""A store whose lists a GPU holds, since it has no room for the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.catalog.records import Scope
from retrieval.media import Kind
from retrieval.progress import Unwatched
from retrieval.vectors.gpu import Placement
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.mirrored import MANY, QUERY, ask_often, listed, no_room, take_small_for_large
from tests.vectors.source import (
    EVERYTHING,
    KINDS,
    Dictionary,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    take_small_for_large(monkeypatch)


ROOM_FOR_LISTS = int(1.1 * MANY * DIM)
"""For those of two kinds, which are half as long, but not for the rows of one in half precision."""


@pytest.mark.parametrize(("gpus", "memory"), [(1, ROOM_FOR_LISTS), (3, ROOM_FOR_LISTS // 3)])
def test_where_rows_do_not_fit_the_lists_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gpus: int, memory: int
) -> None:
    fake = FakeFaiss(gpus, memory)
    monkeypatch.setattr(fake, "GpuIndexFlatIP", no_room)
    vectors, _ = listed(tmp_path, fake)
    place = Placement("lists", gpus, parted=gpus > 1)
    assert vectors.mirrors.placements == dict.fromkeys(KINDS, place)
    plain = VectorStore(tmp_path, "here", DIM, Dictionary(), lambda: None)
    assert plain.indexes == vectors.indexes
    before = len(fake.searches)
    odd = Scope.of(np.flatnonzero(np.arange(2 * MANY) % 5 > 0))
    for scope in (EVERYTHING, odd):
        for query in random_vectors(10, seed=3):
            ours = vectors.search(Kind.IMAGE, query, 15, scope)
            theirs = plain.search(Kind.IMAGE, query, 15, scope)
            assert len(np.intersect1d(ours.ids, theirs.ids)) >= 13
            assert np.isin(ours.contents, np.flatnonzero(scope.holds)).all()
    assert len(fake.searches) - before >= 20


def test_lists_that_fail_on_the_gpu_are_searched_on_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeFaiss()
    monkeypatch.setattr(fake, "GpuIndexFlatIP", no_room)
    vectors, _ = listed(tmp_path, fake)
    before = vectors.search(Kind.IMAGE, QUERY, 15, EVERYTHING)
    fake.fails_to_search = True
    after = vectors.search(Kind.IMAGE, QUERY, 15, EVERYTHING)
    assert after.ids.tolist() == before.ids.tolist()
    assert "CUDA error 700" in vectors.notice
    assert Kind.IMAGE not in vectors.mirrors.placements


def test_an_index_that_no_gpu_knows_stays_on_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise RuntimeError("Error: This index type is not implemented on GPU.")

    fake = FakeFaiss()
    monkeypatch.setattr(fake, "GpuIndexFlatIP", no_room)
    monkeypatch.setattr(fake, "index_cpu_to_gpu_multiple_py", unknown)
    vectors, _ = listed(tmp_path, fake)
    assert "not implemented on GPU" in vectors.notice
    assert len(vectors.search(Kind.IMAGE, QUERY, 15, EVERYTHING).ids) == 15


def test_lists_on_a_gpu_find_nothing_that_is_out_of_scope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeFaiss()
    monkeypatch.setattr(fake, "GpuIndexFlatIP", no_room)
    vectors, _ = listed(tmp_path, fake)
    odd = Scope.of(np.flatnonzero(np.arange(2 * MANY) % 5 > 0))
    among, before = vectors.selection(Kind.IMAGE, odd), len(fake.searches)
    found = vectors.mirrors._lists[Kind.IMAGE].find(QUERY, among)
    assert len(found) >= 40
    assert among.mask[among.shelf.find(found)[0]].all()
    assert len(fake.searches) == before + 1


def test_lists_that_were_renewed_are_copied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeFaiss()
    monkeypatch.setattr(fake, "GpuIndexFlatIP", no_room)
    vectors, source = listed(tmp_path, fake)
    for key in range(2 * MANY + 1, 2 * MANY + 401):
        source.put(key)
    vectors.save()
    vectors.approximate(lambda: random_vectors(40), Unwatched())
    old = vectors.mirrors.lists(Kind.IMAGE, vectors._shelves.lists[Kind.IMAGE])
    assert old is vectors._shelves.lists[Kind.IMAGE], "until there is a copy of these"
    ask_often(vectors)
    assert vectors.mirrors._lists[Kind.IMAGE].about == vectors.indexes[Kind.IMAGE]
