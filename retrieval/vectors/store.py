"""The vectors of a library, ready to be searched: exactly, through lists, or on a GPU.

A store answers for the shelves that its library has, see ``retrieval.vectors.shelves``: small kinds
are looked at whole, large ones through lists, and what a GPU holds is searched there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from retrieval.catalog.records import Ids, Scope
from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.progress import Progress, Unwatched
from retrieval.turns import Turns
from retrieval.vectors.approach import approach, is_for_lists
from retrieval.vectors.block import ROW, Mask
from retrieval.vectors.files import ShelfFiles
from retrieval.vectors.gpu import Gpus, find_gpus
from retrieval.vectors.manifest import Approximation
from retrieval.vectors.mirrors import Mirrors
from retrieval.vectors.selection import (
    Nearest,
    Search,
    Selection,
    measure_rows,
    present,
    search_exactly,
    select,
)
from retrieval.vectors.shelf import Shelf
from retrieval.vectors.shelves import Shelves, Source

LARGE = 500_000_000
"""Bytes of a kind's rows from which looking at all of them takes longer than anyone should wait:
on two cores, some 27 ms."""


class VectorStore:
    """Search over the vectors of a library; safe to share between threads."""

    def __init__(
        self,
        directory: Path,
        library: str,
        dim: int,
        source: Source,
        gpus: Callable[[], Gpus | None] = find_gpus,
    ) -> None:
        self._dim = dim
        self._select = lru_cache(maxsize=64)(select)
        self._present = lru_cache(maxsize=16)(present)
        self._turns = Turns(search_exactly)
        self._gpus = gpus
        self._mirrors = Mirrors(gpus)
        self._shelves = Shelves(ShelfFiles(directory / "vectors", library, dim), dim, source)

    def __len__(self) -> int:
        return len(self._shelves)

    @property
    def notice(self) -> str:
        """Why the files could not be used, or a GPU not, or nothing."""
        return " ".join(filter(None, [self._shelves.notice, self._mirrors.notice]))

    @property
    def bytes(self) -> int:
        """What the rows take on disk: a vector, its bytes and the record of whose it is."""
        rows = sum(len(shelf) for shelf in self._shelves.by_kind.values())
        return rows * (5 * self._dim + ROW.itemsize)

    @property
    def indexes(self) -> dict[Kind, Approximation]:
        """The approximate indexes in use; every other kind is searched exactly."""
        return {kind: lists.about for kind, lists in self._shelves.lists.items()}

    @property
    def gpus(self) -> int:
        """How many GPUs may be searched on."""
        gpus = self._gpus()
        return 0 if gpus is None else gpus.count

    @property
    def mirrors(self) -> Mirrors:
        """The copies that GPUs hold."""
        return self._mirrors

    def kinds(self, scope: Scope) -> tuple[Kind, ...]:
        """List the kinds that have passages in scope."""
        return tuple(kind for kind in self._shelves.by_kind if self.selection(kind, scope).count)

    def count(self, scope: Scope) -> int:
        """Count the contents in scope that have passages."""
        return int(np.count_nonzero(self.present(scope)))

    def present(self, scope: Scope) -> Mask:
        """Give a mask, by id, of the contents in scope that have passages."""
        return self._present(tuple(self._shelves.by_kind.values()), scope)

    def selection(self, kind: Kind, scope: Scope) -> Selection:
        """Choose the passages of a kind that are in scope."""
        return self._select(self._shelves.of(kind), scope)

    def search(self, kind: Kind, query: Vectors, k: int, scope: Scope) -> Nearest:
        """Find the k passages of a kind nearest to a vector, [dim], among those in scope.

        Where the kind has an approximate index, that is asked, unless a GPU holds every row; see
        ``info`` for its recall.
        """
        search = Search(query, k, self.selection(kind, scope))
        lists = self._shelves.lists.get(kind)
        self._mirrors.see(kind, search.among.shelf, lists)
        lists = self._mirrors.lists(kind, lists)
        if lists is None or not is_for_lists(search.among):
            return self._exactly(kind, search)
        return approach(search, lists)

    def search_exactly(self, kind: Kind, query: Vectors, k: int, scope: Scope) -> Nearest:
        """Find the k passages of a kind nearest to a vector, [dim], in scope, and no others."""
        search = Search(query, k, self.selection(kind, scope))
        self._mirrors.see(kind, search.among.shelf, self._shelves.lists.get(kind))
        return self._exactly(kind, search)

    def _exactly(self, kind: Kind, search: Search) -> Nearest:
        near = self._mirrors.nearest(kind, search)
        return self._turns.ask(search) if near is None else near

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
        for shelf in self._shelves.by_kind.values():
            positions, here = shelf.find(ids)
            found[here], known[here] = shelf.at(positions), True
        return found[known]

    def catch_up(self) -> None:
        """Take in what the catalog has gained, and strike out what it has lost."""
        self._shelves.catch_up()

    def save(self) -> None:
        """Bring the files up to the catalog; the caller holds the library's lock."""
        self._shelves.save()

    def purge(self) -> None:
        """See that no file holds a vector that left the catalog; the caller holds the lock."""
        self._shelves.purge()
        for kind, lists in self._shelves.lists.items():
            whole = lists.loaded().extend(self._shelves.of(kind), Unwatched())
            self._shelves.put_index(kind, whole)

    def approximate(self, queries: Callable[[], Vectors], progress: Progress) -> None:
        """Draw up or renew the indexes of large kinds; the caller holds the library's lock.

        ``queries`` gives the vectors of words to tune them with, [n, dim]. Whoever searches goes on
        with the old index until the new one is whole.
        """
        for kind, shelf in self._shelves.by_kind.items():
            if len(shelf) * self._dim >= LARGE:
                self._renew(kind, shelf, queries, progress)

    def _renew(
        self, kind: Kind, shelf: Shelf, queries: Callable[[], Vectors], progress: Progress
    ) -> None:
        from retrieval.vectors.lists import renew

        lists = renew(self._shelves.lists.get(kind), shelf, queries, progress)
        if lists is not None:
            self._shelves.put_index(kind, lists)
