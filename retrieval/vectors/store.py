"""The FAISS index: a cache of the catalog's vectors that can always be made again.

The index answers for exactly the stored vectors with ids up to ``last``. Ids only grow and vectors
never change, so the manifest's library, count and last id tell whether the file is still true; if
it is, newer vectors are added; if not, the file is kept aside and the index made anew.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np

from retrieval.catalog.records import Ids
from retrieval.durable import replacing
from retrieval.encoders.protocol import Vectors


class Source(Protocol):
    """Where the vectors come from."""

    def count_vectors(self, up_to: int) -> int:
        """Count the vectors with an id up to the one given."""

    def vectors_after(self, last: int) -> Iterator[tuple[Ids, Vectors]]:
        """Read the vectors with a greater id, in batches, in order of id."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the index file is a cache of."""

    library: str
    dim: int
    count: int
    last: int


class VectorStore:
    """Exact inner-product search over the vectors of a library; safe to share between threads."""

    def __init__(self, directory: Path, library: str, dim: int, source: Source) -> None:
        self.file = directory / "vectors.faiss"
        self._manifest_file = directory / "vectors.json"
        self._library = library
        self._dim = dim
        self._source = source
        self._lock = threading.RLock()
        self._last = 0
        self._index: faiss.Index = self._empty()
        self.notice = self._load()
        """Why the file could not be used, or nothing."""

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def bytes(self) -> int:
        """The memory the vectors take."""
        return len(self) * self._dim * 4

    def catch_up(self) -> None:
        """Take in what the catalog has gained, or start again if it has lost anything."""
        with self._lock:
            if self._source.count_vectors(self._last) != len(self):
                self._index, self._last = self._empty(), 0
            for ids, vectors in self._source.vectors_after(self._last):
                self._index.add_with_ids(vectors, ids)
                self._last = int(ids[-1])

    def save(self) -> None:
        """Write the index, then the manifest that vouches for it."""
        with self._lock:
            with replacing(self.file) as temporary:
                faiss.write_index(self._index, str(temporary))
            with replacing(self._manifest_file) as temporary:
                temporary.write_text(json.dumps(asdict(self._manifest())))

    def search(self, query: Vectors, k: int, among: Ids) -> tuple[Ids, Vectors]:
        """Find the k nearest of the given ids to one vector: (ids, cosines), best first."""
        with self._lock:
            # Made for this search alone: IndexIDMap rewrites the selector it is given.
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
            k = max(1, min(k, len(among)))
            similarities, ids = self._index.search(query.reshape(1, -1), k, params=chosen)
        found = ids[0] >= 0
        return ids[0][found], similarities[0][found]

    def vectors_of(self, ids: Ids) -> Vectors:
        """Give the vectors, [n, dim], of those ids that the index has taken in."""
        with self._lock:
            ids = ids[ids <= self._last]
            if not len(ids):
                return np.empty((0, self._dim), np.float32)
            vectors: Vectors = self._index.reconstruct_batch(ids)
            return vectors

    def _empty(self) -> faiss.IndexIDMap2:
        return faiss.IndexIDMap2(faiss.IndexFlatIP(self._dim))

    def _manifest(self) -> Manifest:
        return Manifest(self._library, self._dim, len(self), self._last)

    def _load(self) -> str:
        if not self.file.exists():
            return ""
        try:
            manifest = Manifest(**json.loads(self._manifest_file.read_text()))
            index = faiss.read_index(str(self.file))
            found = Manifest(self._library, index.d, index.ntotal, manifest.last)
            if found != manifest or index.d != self._dim:
                raise ValueError(f"it holds {found}, not {manifest}")
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            aside = self.file.replace(self.file.with_suffix(".faiss.bad"))
            reason = str(error).splitlines()[0]
            return (
                f"{self.file} cannot be used ({reason}). It is kept as {aside.name}, and rebuilt."
            )
        self._index, self._last = index, manifest.last
        return ""
