"""The GPUs that FAISS sees, and copies of vectors that they hold.

What FAISS makes on a GPU is not safe even to be read by two threads at once. So whatever touches
one, making and freeing included, happens in ``Gpus.turn``, and those who wait for it meanwhile are
answered together. A copy is for nothing but speed: it is gone when nobody holds it any more, and
what it is a copy of stays with the processor. See docs/performance-gpu.md.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, Literal

import numpy as np

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.settings import settings
from retrieval.turns import Turns

LIMIT = 2048
"""Rows that a search gives at most, and lists that it looks into."""

SCRATCH = 256 * 2**20
"""Bytes that FAISS takes of each GPU to compute in; it would take 1.5 GB if it were not told."""

PINNED = 32 * 2**20
"""Bytes of the computer's memory that queries wait in on their way to a GPU; 256 MB untold."""

PATIENCE = 0.05
"""Seconds to wait for the GPUs, which may be busy copying, before the processor is asked."""

DRIVERS = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")
"""What there is where a program may use a GPU: NVIDIA's on Linux, any on WSL, AMD's on Linux."""


class Refused(Exception):
    """Raised where the GPUs cannot hold a copy, with FAISS's reason, or give it up."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What a copy is made of, and where it lies."""

    content: Literal["float32", "float16", "lists"]
    gpus: int
    parted: bool
    """Whether each GPU holds a part; else each holds all of it and takes a share of the queries."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A vector, [dim], to give the rows nearest to, as far as the GPUs can tell."""

    query: Vectors
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Rows of a copy, best first, with their products; the arrays run in parallel."""

    products: Vectors
    rows: Ids


class Held:
    """An index that lies on the GPUs, touched in turns."""

    def __init__(self, index: Any, turn: RLock) -> None:
        self._index = index
        self._turn = turn

    def search(self, looks: Sequence[Look]) -> list[Seen] | list[None]:
        """Answer several at once, or none of them if the GPUs are busy for long."""
        if not self._turn.acquire(timeout=PATIENCE):
            return [None] * len(looks)
        try:
            queries = np.stack([look.query for look in looks])
            products, rows = self._index.search(queries, max(look.rows for look in looks))
        finally:
            self._turn.release()
        return [Seen(*found) for found in zip(products, rows, strict=True)]

    def free(self) -> None:
        """Let go of the index."""
        with self._turn:
            self._index = None


class Copy:
    """A copy of vectors on the GPUs; safe to share between threads."""

    def __init__(self, held: Held, placement: Placement) -> None:
        self.placement = placement
        self._turns: Turns[Look, Seen | None] = Turns(held.search)
        # In a turn, wherever the last who holds the copy lets go of it.
        weakref.finalize(self, held.free)

    def look(self, query: Vectors, rows: int) -> Seen | None:
        """Give the rows nearest to a vector, [dim], or nothing if the GPUs are busy for long.

        Raise RuntimeError if they fail.
        """
        return self._turns.ask(Look(query, rows))


class Gpus:
    """All GPUs that FAISS sees, each with one scratch memory for this process."""

    def __init__(self, faiss: Any) -> None:
        self.count: int = faiss.get_num_gpus()
        self._faiss = faiss
        self._turn = RLock()
        self._resources = [self._bounded() for _ in range(self.count)]

    def copy_rows(self, rows: Vectors) -> Copy:
        """Copy rows, [n, dim], or raise Refused.

        Each GPU gets all of them where each has room, else a part; else they are rounded to half.
        """
        return self._place(self._placements("float32", "float16"), lambda p: self._flat(rows, p))

    def copy_lists(self, index: Any, nprobe: int) -> Copy:
        """Copy FAISS's lists, of which a search looks into ``nprobe``, or raise Refused."""
        if nprobe > LIMIT:
            raise Refused(f"{nprobe} lists are to be looked into, and a GPU looks into {LIMIT}")
        return self._place(self._placements("lists"), lambda p: self._cloned(index, nprobe, p))

    def _bounded(self) -> Any:
        resources = self._faiss.StandardGpuResources()
        resources.setTempMemory(SCRATCH)
        resources.setPinnedMemory(PINNED)
        return resources

    def _placements(self, *contents: Literal["float32", "float16", "lists"]) -> Iterator[Placement]:
        for content in contents:
            yield Placement(content, self.count, parted=False)
            if self.count > 1:
                yield Placement(content, self.count, parted=True)

    def _place(self, placements: Iterator[Placement], make: Callable[[Placement], Any]) -> Copy:
        """Make the first copy for which there is room."""
        reason = ""
        with self._turn:
            for placement in placements:
                try:
                    return Copy(Held(_proven(make(placement)), self._turn), placement)
                except (RuntimeError, MemoryError) as error:
                    reason = gist(error)
        raise Refused(reason)

    def _flat(self, rows: Vectors, placement: Placement) -> Any:
        dim = rows.shape[1]
        parts = [self._part(device, dim, placement) for device in range(self.count)]
        if self.count == 1:
            [whole] = parts
        elif placement.parted:
            whole = self._faiss.IndexShards(dim, True, True)
            for part in parts:
                whole.add_shard(part)
        else:
            whole = self._faiss.IndexReplicas(dim, True)
            for part in parts:
                whole.addIndex(part)
        # At once: parts of successive rows must be, and room is made but once.
        whole.add(rows)
        return whole

    def _part(self, device: int, dim: int, placement: Placement) -> Any:
        config = self._faiss.GpuIndexFlatConfig()
        config.device = device
        config.useFloat16 = placement.content == "float16"
        # cuVS promises no bound on what its products are wrong by.
        config.use_cuvs = False
        return self._faiss.GpuIndexFlatIP(self._resources[device], dim, config)

    def _cloned(self, index: Any, nprobe: int, placement: Placement) -> Any:
        options = self._faiss.GpuMultipleClonerOptions()
        options.shard, options.use_cuvs = placement.parted, False
        whole = self._faiss.index_cpu_to_gpu_multiple_py(self._resources, index, options)
        # Once and for all, since replicas take no parameters with a search. Nobody else's index.
        self._faiss.GpuParameterSpace().set_index_parameter(whole, "nprobe", nprobe)
        return whole


@cache
def find_gpus() -> Gpus | None:
    """Open the GPUs that FAISS sees, once a process; give nothing where there are none."""
    if settings().gpu == "off" or not any(Path(driver).exists() for driver in DRIVERS):
        return None
    # Only now: importing it takes longer than a small library to search.
    import faiss

    return Gpus(faiss) if faiss.get_num_gpus() else None


def _proven(index: Any) -> Any:
    """Search an index once: what that needs beside it must have room as well."""
    index.search(np.zeros((1, index.d), np.float32), min(LIMIT, index.ntotal))
    return index


def gist(error: BaseException) -> str:
    """Give what FAISS says went wrong, without where in its code."""
    return str(error).split("failed: ")[-1].strip().split("\n")[0] or type(error).__name__
