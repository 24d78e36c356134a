"""FAISS itself does what the stand-in for it does; some of it needs a GPU."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from retrieval.vectors.gpu import Gpus, Placement, find_gpus
from retrieval.vectors.mirror import Mirror
from retrieval.vectors.selection import Search, Selection
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.gpus import FakeFaiss
from tests.vectors.mirrored import (
    MANY,
    Wholesale,
    ask_often,
    assert_answers_for,
    shelf_of,
    take_small_for_large,
)
from tests.vectors.source import (
    KINDS,
    clustered_vectors,
    nearest,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    take_small_for_large(monkeypatch)


class CpuFaiss(FakeFaiss):
    """FAISS's own shards and replicas, over indexes that lie on the processor."""

    def GpuIndexFlatIP(self, resources: object, dim: int, config: object) -> Any:
        return faiss.IndexFlatIP(dim)

    def IndexShards(self, *shape: Any) -> Any:
        return faiss.IndexShards(*shape)

    def IndexReplicas(self, *shape: Any) -> Any:
        return faiss.IndexReplicas(*shape)


@pytest.mark.parametrize("parted", [True, False])
def test_faiss_shares_out_rows_and_queries_as_the_stand_in_does(parted: bool) -> None:
    vectors = random_vectors(1003)
    place = Placement("float32", 3, parted)
    real, fake = (Gpus(kind(3))._flat(vectors, place) for kind in (CpuFaiss, FakeFaiss))
    queries = random_vectors(5, seed=7)
    assert (real.d, real.ntotal) == (fake.d, fake.ntotal) == (DIM, 1003)
    for count in (1, 2, 5):
        found, expected = (index.search(queries[:count], 20) for index in (real, fake))
        np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
        np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.skipif("GPU" not in faiss.get_compile_options(), reason="FAISS was built without GPUs")
def test_faiss_has_what_is_asked_of_it() -> None:
    resources = faiss.StandardGpuResources()
    for name in ("setTempMemory", "setPinnedMemory"):
        assert hasattr(resources, name)
    options, config = faiss.GpuMultipleClonerOptions(), faiss.GpuIndexFlatConfig()
    for name in ("shard", "use_cuvs"):
        assert hasattr(options, name)
    for name in ("device", "useFloat16", "use_cuvs"):
        assert hasattr(config, name)
    lists = faiss.IndexIVFFlat(faiss.IndexFlatIP(4), 4, 9, faiss.METRIC_INNER_PRODUCT)
    whole = faiss.IndexReplicas()
    whole.addIndex(lists)
    faiss.GpuParameterSpace().set_index_parameter(whole, "nprobe", 7)
    assert lists.nprobe == 7
    assert callable(faiss.index_cpu_to_gpu_multiple_py)


needs_a_gpu = pytest.mark.skipif(
    faiss.get_num_gpus() == 0, reason="FAISS sees no GPU on this machine"
)


@needs_a_gpu
@pytest.mark.parametrize("content", ["float32", "float16"])
def test_a_real_gpu_finds_what_brute_force_finds(
    content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus = find_gpus()
    assert gpus is not None
    monkeypatch.setattr(
        gpus, "_placements", lambda *_: iter([Placement(content, gpus.count, False)])
    )
    vectors = clustered_vectors(20_000, seed=4)
    vectors[50:90] = vectors[0]
    shelf = shelf_of(vectors)
    mirror, answered = Mirror(gpus, shelf.blocks[0]), 0
    for query in (vectors[0], *random_vectors(20, seed=7)):
        for share in (1.0, 0.3):
            among = Selection(shelf, np.random.default_rng(1).random(len(shelf)) < share)
            near = mirror.nearest(Search(query, 60, among))
            positions = np.flatnonzero(among.mask)
            expected = nearest(shelf.at(positions), query, 60)[0]
            if near is not None:
                answered += 1
                assert near.ids.tolist() == shelf.ids[positions[expected]].tolist()
    assert answered > 20


@needs_a_gpu
def test_a_real_gpu_survives_many_threads(tmp_path: Path) -> None:
    source = Wholesale(2 * MANY)
    first = VectorStore(tmp_path, "here", DIM, source)
    first.save()
    ask_often(first)
    assert first.mirrors.placements.keys() == set(KINDS)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: assert_answers_for(first, source, 9), range(16)))
    assert first.notice == ""
