"""A stand-in for FAISS on machines with GPUs, with the traps of the real one.

It computes on the processor. But its products are rounded as a GPU's are, its order of rows that
are alike is its own, it gives at most 2048 rows, knows no filters, has so much memory and no more,
and finds out whoever touches it while another does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors

TERABYTE = 2**40


class TouchedByTwo(BaseException):
    """Two threads were at the GPUs at once; the real ones would crash or give nonsense."""


class FakeFaiss:
    """Takes the place of the module."""

    METRIC_INNER_PRODUCT = 0

    def __init__(self, gpus: int = 1, memory: int = TERABYTE) -> None:
        self.free = [memory] * gpus
        self.searches: list[tuple[int, int]] = []
        """How many queries each search was for, and how many rows."""
        self.scratch: list[int] = []
        self.wrong_by = 0.0
        self.fails_to_search = False
        self._touched = False
        self.GpuIndexFlatConfig = self.GpuMultipleClonerOptions = SimpleNamespace
        self.GpuParameterSpace = lambda: SimpleNamespace(set_index_parameter=_set_parameter)

    def get_num_gpus(self) -> int:
        return len(self.free)

    def StandardGpuResources(self) -> SimpleNamespace:
        return SimpleNamespace(setTempMemory=self.scratch.append, setPinnedMemory=id)

    def GpuIndexFlatIP(self, resources: object, dim: int, config: SimpleNamespace) -> FakeFlat:
        assert config.use_cuvs is False
        return FakeFlat(self, config.device, dim, config.useFloat16)

    def IndexShards(self, dim: int, threaded: bool, successive_ids: bool) -> FakeShards:
        assert successive_ids, "else all parts number their rows from nought"
        return FakeShards(dim)

    def IndexReplicas(self, dim: int, threaded: bool) -> FakeReplicas:
        return FakeReplicas(dim)

    def index_cpu_to_gpu_multiple_py(
        self, resources: list[object], index: Any, options: SimpleNamespace
    ) -> FakeLists:
        parts = len(resources) if options.shard else 1
        return FakeLists(self, index, parts)

    @contextmanager
    def touch(self) -> Iterator[None]:
        if self._touched:
            raise TouchedByTwo
        self._touched = True
        try:
            time.sleep(0.0005)
            yield
        finally:
            self._touched = False

    def take(self, device: int, bytes: int) -> None:
        if bytes > self.free[device]:
            raise RuntimeError(
                "Error in allocMemory at StandardGpuResources.cpp:452: Error: 'err == cudaSuccess' "
                f"failed: alloc fail dev {device} size {bytes} bytes (out of memory [2])\nmore"
            )
        self.free[device] -= bytes


class FakeFlat:
    """GpuIndexFlatIP."""

    def __init__(self, faiss: FakeFaiss, device: int, dim: int, half: bool) -> None:
        self.d = dim
        self._faiss, self._device = faiss, device
        self._type = np.float16 if half else np.float32
        self._rows = np.empty((0, dim), self._type)

    @property
    def ntotal(self) -> int:
        return len(self._rows)

    def add(self, rows: Vectors) -> None:
        assert not len(self._rows), "room is made at every addition, and all is copied again"
        with self._faiss.touch():
            self._faiss.take(self._device, rows.size * self._type().itemsize)
            self._rows = rows.astype(self._type)

    def search(self, queries: Vectors, rows: int, params: object = None) -> tuple[Vectors, Ids]:
        with self._faiss.touch():
            if self._faiss.fails_to_search:
                raise RuntimeError("Error: 'err' failed: CUDA error 700")
            if rows > 2048:
                raise RuntimeError("Error: 'k <= getMaxKSelection()' failed: k too large")
            self._faiss.searches.append((len(queries), rows))
            # Summed the other way round; the last row comes first of those that are alike.
            halved = queries.astype(self._type).astype(np.float32)[:, ::-1]
            products = halved @ self._rows.astype(np.float32)[:, ::-1].T
            products += np.float32(self._faiss.wrong_by)
            order = np.argsort(products[:, ::-1], axis=1, kind="stable")[:, ::-1]
            order = self.ntotal - 1 - order[:, :rows]
            return _padded(np.take_along_axis(products, order, 1), order, rows)

    def __del__(self) -> None:
        with self._faiss.touch():
            self._faiss.free[self._device] += self._rows.nbytes


class FakeReplicas:
    """IndexReplicas: the queries are shared out."""

    def __init__(self, dim: int) -> None:
        self.d = dim
        self.parts: list[Any] = []
        self.addIndex = self.parts.append

    @property
    def ntotal(self) -> int:
        return int(self.parts[0].ntotal)

    def add(self, rows: Vectors) -> None:
        for part in self.parts:
            part.add(rows)

    def search(self, queries: Vectors, rows: int, params: object = None) -> tuple[Vectors, Ids]:
        if params is not None:
            raise RuntimeError("Error: 'params' failed: search params not supported")
        shares = zip(self.parts, np.array_split(queries, len(self.parts)), strict=True)
        found = [part.search(some, rows) for part, some in shares if len(some)]
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


class FakeShards:
    """IndexShards: the rows are shared out."""

    def __init__(self, dim: int) -> None:
        self.d = dim
        self.parts: list[Any] = []
        self.add_shard = self.parts.append

    @property
    def ntotal(self) -> int:
        return sum(part.ntotal for part in self.parts)

    def add(self, rows: Vectors) -> None:
        bounds = [len(rows) * n // len(self.parts) for n in range(len(self.parts) + 1)]
        for part, start, end in zip(self.parts, bounds, bounds[1:], strict=False):
            part.add(rows[start:end])

    def search(self, queries: Vectors, rows: int, params: object = None) -> tuple[Vectors, Ids]:
        starts = np.cumsum([0, *(part.ntotal for part in self.parts)])
        found = [part.search(queries, rows) for part in self.parts]
        products = np.concatenate([f[0] for f in found], axis=1)
        numbers = [f[1] + start * (f[1] >= 0) for f, start in zip(found, starts, strict=False)]
        order = np.argsort(-products, axis=1)[:, :rows]
        both = products, np.concatenate(numbers, axis=1)
        return np.take_along_axis(both[0], order, 1), np.take_along_axis(both[1], order, 1)


class FakeLists:
    """A clone of inverted lists: FAISS's own search, without filters or parameters."""

    def __init__(self, faiss: FakeFaiss, index: Any, parts: int) -> None:
        self._faiss, self._index, self._parts = faiss, index, parts
        for device in range(len(faiss.free)):
            faiss.take(device, index.ntotal * index.d // parts)
        self.d, self.ntotal, self.nprobe = index.d, index.ntotal, 1

    def search(self, queries: Vectors, rows: int, params: object = None) -> tuple[Vectors, Ids]:
        import faiss

        with self._faiss.touch():
            if rows > 2048 or self.nprobe > 2048:
                raise RuntimeError("Error: failed: too large")
            if self._faiss.fails_to_search:
                raise RuntimeError("Error: 'err' failed: CUDA error 700")
            self._faiss.searches.append((len(queries), rows))
            chosen = faiss.SearchParametersIVF(nprobe=self.nprobe)
            return self._index.search(queries, rows, params=chosen)  # type: ignore[no-any-return]


def _set_parameter(index: Any, name: str, value: int) -> None:
    assert name == "nprobe"
    index.nprobe = value


def _padded(products: Vectors, order: Ids, rows: int) -> tuple[Vectors, Ids]:
    missing = ((0, 0), (0, rows - products.shape[1]))
    worst = float(np.finfo(np.float32).min)
    return (
        np.pad(products, missing, constant_values=worst),
        np.pad(order, missing, constant_values=-1),
    )
