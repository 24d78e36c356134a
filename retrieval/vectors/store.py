"""The vectors of a library, ready to be searched: a cache of the catalog that can always be redone.

A store answers for exactly the stored vectors with ids up to ``last``. Ids only grow and vectors
never change, so it takes in what the catalog has gained and strikes out what it has lost. Any
number of processes may read; what they take in stays in their memory. The one that holds the
library's lock may ``save``, which brings the files up to the catalog.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retrieval.catalog.records import Ids, Scope, StoredVectors
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.progress import Progress
from retrieval.vectors.approach import approach, is_for_lists
from retrieval.vectors.block import ROW, STRUCK, Block, make_block
from retrieval.vectors.files import ShelfFiles
from retrieval.vectors.manifest import Approximation, Manifest
from retrieval.vectors.selection import (
    Nearest,
    Search,
    Selection,
    count_contents,
    measure_rows,
    search_exactly,
    select,
)
from retrieval.vectors.shelf import Shelf
from retrieval.vectors.turns import Turns

WORN = 1 / 4
"""The share of struck rows from which a shelf is written anew."""

if TYPE_CHECKING:
    from retrieval.vectors.lists import Lists

LARGE = 500_000_000
"""Bytes of a kind's rows from which looking at all of them takes longer than anyone should wait:
on two cores, some 27 ms."""

PROBES = 16
"""Rows of each kind that are compared with the catalog before the files are believed."""


class Source(Protocol):
    """Where the vectors come from; see ``retrieval.catalog.embeddings``."""

    def count(self, up_to: int) -> int:
        """Count the vectors with an id up to the one given."""

    def ids(self) -> Ids:
        """List the ids of all vectors, ascending."""

    def after(self, last: int) -> Iterator[StoredVectors]:
        """Read the vectors with a greater id, in batches, in order of id."""

    def of(self, ids: Ids) -> StoredVectors:
        """Read the vectors with these ids, as far as they are there, in order of id."""


class VectorStore:
    """Exact search over the vectors of a library; safe to share between threads."""

    def __init__(self, directory: Path, library: str, dim: int, source: Source) -> None:
        self._files = ShelfFiles(directory / "vectors", library, dim)
        self._source = source
        self._dim = dim
        self._lock = threading.RLock()
        self._select = lru_cache(maxsize=64)(select)
        self._count = lru_cache(maxsize=16)(count_contents)
        self._turns = Turns(search_exactly)
        self.notice = ""
        """Why the files could not be used, or nothing."""
        self._load()

    def __len__(self) -> int:
        return sum(len(shelf) - shelf.struck for shelf in self._shelves.values())

    @property
    def bytes(self) -> int:
        """What the rows take on disk: a vector, its bytes and the record of whose it is."""
        return sum(len(shelf) for shelf in self._shelves.values()) * (5 * self._dim + ROW.itemsize)

    @property
    def indexes(self) -> dict[Kind, Approximation]:
        """The approximate indexes in use; every other kind is searched exactly."""
        return {kind: lists.about for kind, lists in self._lists.items()}

    # Searching.

    def kinds(self, scope: Scope) -> tuple[Kind, ...]:
        """List the kinds that have passages in scope."""
        return tuple(kind for kind in self._shelves if self.selection(kind, scope).count)

    def count(self, scope: Scope) -> int:
        """Count the contents in scope that have passages."""
        return self._count(tuple(self._shelves.values()), scope)

    def selection(self, kind: Kind, scope: Scope) -> Selection:
        """Choose the passages of a kind that are in scope."""
        return self._select(self._shelves.get(kind, Shelf((), self._dim)), scope)

    def search(self, kind: Kind, query: Vectors, k: int, scope: Scope) -> Nearest:
        """Find the k passages of a kind nearest to a vector, [dim], among those in scope.

        Where the kind has an approximate index, that is asked; see ``info`` for its recall.
        """
        search, lists = Search(query, k, self.selection(kind, scope)), self._lists.get(kind)
        if lists is None or not is_for_lists(search.among):
            return self._turns.ask(search)
        return approach(search, lists)

    def search_exactly(self, kind: Kind, query: Vectors, k: int, scope: Scope) -> Nearest:
        """Find the k passages of a kind nearest to a vector, [dim], in scope, and no others."""
        return self._turns.ask(Search(query, k, self.selection(kind, scope)))

    def measure(self, kind: Kind, query: Vectors, ids: Ids, contents: Ids, scope: Scope) -> Nearest:
        """Compare a vector, [dim], with passages of a kind and all of some contents, in scope."""
        return measure_rows(self.selection(kind, scope), query, ids, contents)

    def sample(self, kind: Kind, scope: Scope, count: int) -> Vectors:
        """Give the vectors of up to a number of a kind's passages in scope, evenly spread."""
        selection = self.selection(kind, scope)
        positions = np.flatnonzero(selection.mask)
        chosen = np.linspace(0, len(positions) - 1, min(count, len(positions)))
        return selection.shelf.at(positions[chosen.astype(np.int64)])

    def vectors_of(self, ids: Ids) -> Vectors:
        """Give the vectors, [n, dim], of those ids that were taken in, in their order."""
        found, known = np.empty((len(ids), self._dim), np.float32), np.zeros(len(ids), np.bool_)
        for shelf in self._shelves.values():
            positions, here = shelf.find(ids)
            found[here], known[here] = shelf.at(positions), True
        return found[known]

    # Keeping up with the catalog.

    def catch_up(self) -> None:
        """Take in what the catalog has gained, and strike out what it has lost."""
        with self._lock:
            if self._files.stamp() != self._seen:
                self._load()
            if self._source.count(self._last) != len(self):
                self._strike()
            for batch in self._source.after(self._last):
                self._take_in(batch)

    def save(self) -> None:
        """Bring the files up to the catalog; the caller holds the library's lock."""
        with self._lock:
            self._load()
            if self._manifest is self._files.empty and self._seen:
                self._files.set_aside()
            manifest = self._manifest
            for batch in self._source.after(manifest.last):
                for kind, block in _blocks(batch):
                    manifest = self._files.extend(manifest, kind, block)
            self._commit(manifest)
            if self._source.count(self._last) != len(self):
                self._strike()
                self._commit(self._mended())

    def approximate(self, queries: Callable[[], Vectors], progress: Progress) -> None:
        """Draw up or renew the indexes of large kinds; the caller holds the library's lock.

        ``queries`` gives the vectors of words to tune them with, [n, dim]. Whoever searches goes on
        with the old index until the new one is whole.
        """
        for kind, shelf in self._shelves.items():
            if len(shelf) * self._dim >= LARGE:
                self._renew(kind, shelf, queries, progress)

    def _renew(
        self, kind: Kind, shelf: Shelf, queries: Callable[[], Vectors], progress: Progress
    ) -> None:
        from retrieval.vectors.lists import renew

        lists = renew(self._lists.get(kind), shelf, queries, progress)
        if lists is not None:
            with self._lock:
                indexes = self._manifest.indexes | {kind: self._files.put_index(kind, lists)}
                self._commit(replace(self._manifest, indexes=indexes))

    def _load(self) -> None:
        """Believe the files if they are the catalog's; else say why not, and begin with nothing."""
        self.notice, self._seen = "", self._files.stamp()
        try:
            self._adopt_saved()
            self._demand_truth()
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            self.notice = (
                f"The vectors in {self._files.directory} cannot be used ({reason}). They are made "
                f"anew from the catalog; the old files are kept as {self._files.aside.name}."
            )
            self._adopt(self._files.empty)

    def _adopt_saved(self) -> None:
        manifest = self._files.read()
        try:
            self._adopt(manifest)
        except FileNotFoundError:
            # Another process has written a shelf anew in between.
            if self._files.read() == manifest:
                raise
            self._adopt_saved()

    def _commit(self, manifest: Manifest) -> None:
        if manifest != self._manifest:
            self._files.commit(manifest)
            self._seen = self._files.stamp()
            self._adopt(manifest)

    def _adopt(self, manifest: Manifest) -> None:
        shelves = {k: self._files.open(k, volume) for k, volume in manifest.volumes.items()}
        self._manifest, self._shelves, self._last = manifest, shelves, manifest.last
        self._lists = self._mapped(manifest) if manifest.indexes else {}

    def _mapped(self, manifest: Manifest) -> dict[Kind, Lists]:
        """Map the indexes that can be used; what has none is searched exactly."""
        # FAISS takes longer to import than a small library to search.
        from retrieval.vectors.lists import map_lists

        lists = {}
        for kind, about in manifest.indexes.items():
            try:
                lists[kind] = map_lists(self._files.index_file(kind, about), about)
            except (OSError, ValueError) as error:
                self.notice = f"An index cannot be used ({error}). It is drawn up anew."
        return lists

    def _demand_truth(self) -> None:
        """Compare some rows of each kind with the catalog, or raise ValueError."""
        for kind, shelf in self._shelves.items():
            for block in shelf.blocks:
                chosen = np.unique(np.linspace(0, len(block) - 1, PROBES).astype(np.int64))
                stored = self._source.of(block.ids[chosen])
                true = make_block(stored.ids, stored.contents, stored.vectors)
                if not (block.is_in_order and block.agrees_with(true)):
                    raise ValueError(f"the rows of kind {kind} are not the catalog's")

    def _take_in(self, batch: StoredVectors) -> None:
        for kind, block in _blocks(batch):
            shelf = self._shelves.get(kind, Shelf((), self._dim))
            self._shelves = self._shelves | {kind: shelf.add(block)}
        self._last = int(batch.ids[-1])

    def _strike(self) -> None:
        """Strike out what the catalog no longer has."""
        present = self._source.ids()
        for kind, shelf in self._shelves.items():
            gone = np.setdiff1d(shelf.ids, present, assume_unique=True)
            self._shelves = self._shelves | {kind: shelf.without(gone)}

    def _mended(self) -> Manifest:
        """Write down what was struck out, or write worn shelves anew."""
        manifest = self._manifest
        for kind, shelf in self._shelves.items():
            if shelf.struck > WORN * len(shelf):
                kept = shelf.take(shelf.contents != STRUCK)
                manifest = self._files.rewrite(manifest, kind, kept.blocks)
            elif shelf.struck:
                self._files.strike(kind, manifest.volumes[kind], shelf)
        return manifest


def _blocks(batch: StoredVectors) -> Iterator[tuple[Kind, Block]]:
    """Part a batch by kind."""
    for kind in np.unique(batch.kinds):
        rows = batch.kinds == kind
        yield Kind(kind), make_block(batch.ids[rows], batch.contents[rows], batch.vectors[rows])
