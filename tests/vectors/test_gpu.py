"""GPUs are looked for with care, used by one thread at a time, and let go of."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import retrieval.settings
from retrieval.vectors import gpu
from retrieval.vectors.gpu import SCRATCH, Gpus, Refused, find_gpus
from retrieval.vectors.mirror import Mirror
from retrieval.vectors.selection import Search
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.mirrored import (
    COUNT,
    QUERY,
    ROWS,
    assert_is_true,
    everything,
    mirror_of,
    shelf_of,
)
from tests.vectors.source import clustered_vectors


def test_no_room_at_all_is_refused_with_the_reason_and_leaves_the_memory_free() -> None:
    faiss = FakeFaiss(2, ROWS // 5)
    with pytest.raises(Refused, match="out of memory"):
        mirror_of(shelf_of(random_vectors(COUNT)), faiss)
    assert faiss.free == [ROWS // 5] * 2


def test_a_copy_is_freed_when_nobody_holds_it() -> None:
    faiss = FakeFaiss(1, ROWS)
    mirror = mirror_of(shelf_of(random_vectors(COUNT)), faiss)
    assert faiss.free == [0]
    del mirror
    assert faiss.free == [ROWS]


def test_each_gpu_has_one_bounded_scratch_memory_however_many_copies() -> None:
    faiss = FakeFaiss(3)
    gpus, shelf = Gpus(faiss), shelf_of(random_vectors(20))
    mirrors = [Mirror(gpus, shelf.blocks[0]) for _ in range(4)]
    assert len(mirrors) == 4
    assert faiss.scratch == [SCRATCH] * 3


def test_threads_are_answered_together_and_never_touch_a_gpu_at_once() -> None:
    faiss = FakeFaiss(2)
    gpus, shelf = Gpus(faiss), shelf_of(clustered_vectors(COUNT, seed=4))
    mirrors = [Mirror(gpus, shelf.blocks[0]) for _ in range(2)]
    queries = random_vectors(64, seed=7)

    def ask(number: int) -> None:
        if number % 16 == 0:
            assert Mirror(gpus, shelf.blocks[0]).placement.gpus == 2
        search = Search(queries[number], 1 + number % 9, everything(shelf))
        near = mirrors[number % 2].nearest(search)
        if near is not None:
            assert_is_true(near, search)

    before = len(faiss.searches)
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(64))) == [None] * 64
    assert max(queries for queries, _ in faiss.searches[before:]) > 1


def test_while_the_gpus_are_busy_the_processor_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "PATIENCE", 0.01)
    gpus, shelf = Gpus(FakeFaiss()), shelf_of(random_vectors(COUNT))
    mirror, search = Mirror(gpus, shelf.blocks[0]), Search(QUERY, 3, everything(shelf))
    with ThreadPoolExecutor(1) as threads:
        with gpus._turn:
            assert threads.submit(mirror.nearest, search).result(10) is None
        assert_is_true(threads.submit(mirror.nearest, search).result(10), search)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let settings and GPUs be looked for again, and importing FAISS be an error."""
    monkeypatch.setitem(sys.modules, "faiss", None)
    monkeypatch.setattr(gpu, "find_gpus", find_gpus.__wrapped__)
    monkeypatch.setattr(gpu, "settings", retrieval.settings.settings.__wrapped__)
    return monkeypatch


def test_without_a_driver_faiss_is_not_even_imported(
    unread: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unread.setattr(gpu, "DRIVERS", (str(tmp_path / "none"),))
    assert gpu.find_gpus() is None


def test_the_setting_leaves_gpus_alone(unread: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unread.setattr(gpu, "DRIVERS", (str(tmp_path),))
    unread.setenv("TRIPTYCH_GPU", "off")
    assert gpu.find_gpus() is None


@pytest.mark.parametrize("count", [0, 2])
def test_with_a_driver_faiss_says_how_many_there_are(
    unread: pytest.MonkeyPatch, tmp_path: Path, count: int
) -> None:
    unread.setattr(gpu, "DRIVERS", (str(tmp_path),))
    unread.setitem(sys.modules, "faiss", FakeFaiss(count))  # type: ignore[arg-type]
    found = gpu.find_gpus()
    assert (found.count if found else 0) == count
