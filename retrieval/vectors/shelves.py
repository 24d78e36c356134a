"""The shelves of a library, kept up with its catalog: a cache of it that can always be redone.

They hold exactly the stored vectors with ids up to ``last``. Ids only grow and vectors never
change, so they take in what the catalog has gained and strike out what it has lost. Any number of
processes may read; what they take in stays in their memory. The one that holds the library's lock
may ``save``, which brings the files up to the catalog.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retrieval.catalog.records import Ids, StoredVectors
from retrieval.media import Kind
from retrieval.vectors.block import STRUCK, Block, make_block
from retrieval.vectors.files import ShelfFiles
from retrieval.vectors.manifest import Manifest
from retrieval.vectors.shelf import Shelf

if TYPE_CHECKING:
    from retrieval.vectors.lists import Lists

WORN = 1 / 4
"""The share of struck rows from which a shelf is written anew."""

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


class Shelves:
    """A shelf for each kind, and the indexes over them; safe to share between threads."""

    def __init__(self, files: ShelfFiles, dim: int, source: Source) -> None:
        self._files = files
        self._dim = dim
        self._source = source
        self._lock = threading.RLock()
        self.notice = ""
        """Why the files could not be used, or nothing."""
        self._load()

    def __len__(self) -> int:
        return sum(len(shelf) - shelf.struck for shelf in self.by_kind.values())

    def of(self, kind: Kind) -> Shelf:
        """Give the shelf of a kind, which may be empty."""
        return self.by_kind.get(kind, Shelf((), self._dim))

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

    def purge(self) -> None:
        """Write anew whatever has rows struck out; the caller holds the library's lock."""
        with self._lock:
            self.save()
            manifest = self._manifest
            for kind, shelf in self.by_kind.items():
                if shelf.struck or not len(shelf):
                    kept = shelf.take(shelf.contents != STRUCK)
                    manifest = self._files.renew(manifest, kind, kept)
            self._commit(manifest)
            self._files.remove_aside()

    def put_index(self, kind: Kind, lists: Lists) -> None:
        """Use an index over a kind from now on, here and in other processes."""
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
        self._manifest, self.by_kind, self._last = manifest, shelves, manifest.last
        self.lists = self._mapped(manifest) if manifest.indexes else {}

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
        for kind, shelf in self.by_kind.items():
            for block in shelf.blocks:
                chosen = np.unique(np.linspace(0, len(block) - 1, PROBES).astype(np.int64))
                stored = self._source.of(block.ids[chosen])
                if not (block.is_in_order and _agrees(block, stored)):
                    raise ValueError(f"the rows of kind {kind} are not the catalog's")

    def _take_in(self, batch: StoredVectors) -> None:
        for kind, block in _blocks(batch):
            self.by_kind = self.by_kind | {kind: self.of(kind).add(block)}
        self._last = int(batch.ids[-1])

    def _strike(self) -> None:
        """Strike out what the catalog no longer has."""
        present = self._source.ids()
        for kind, shelf in self.by_kind.items():
            gone = np.setdiff1d(shelf.ids, present, assume_unique=True)
            self.by_kind = self.by_kind | {kind: shelf.without(gone)}

    def _mended(self) -> Manifest:
        """Write down what was struck out, or write worn shelves anew."""
        manifest = self._manifest
        for kind, shelf in self.by_kind.items():
            if shelf.struck > WORN * len(shelf):
                kept = shelf.take(shelf.contents != STRUCK)
                manifest = self._files.renew(manifest, kind, kept)
            elif shelf.struck:
                self._files.strike(kind, manifest.volumes[kind], shelf)
        return manifest


def _agrees(block: Block, stored: StoredVectors) -> bool:
    """Tell whether rows are as the catalog has them, those that it has at all."""
    if not len(stored.ids):
        return True
    return block.agrees_with(make_block(stored.ids, stored.contents, stored.vectors))


def _blocks(batch: StoredVectors) -> Iterator[tuple[Kind, Block]]:
    """Part a batch by kind."""
    for kind in np.unique(batch.kinds):
        rows = batch.kinds == kind
        yield Kind(kind), make_block(batch.ids[rows], batch.contents[rows], batch.vectors[rows])
