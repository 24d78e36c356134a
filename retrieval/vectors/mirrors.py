"""What of a library the GPUs hold: the rows of its large kinds, or else their lists.

A copy takes seconds to make and a search on the processor some hundredths of one. So a kind is
copied only when it was searched ASKED times, while searching goes on; a command that asks once
never waits for it. Where a GPU holds a kind's rows, every answer of that kind is exact. If the GPUs
fail, or have no room, the processor answers, and ``notice`` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from retrieval.media import Kind
from retrieval.vectors.gpu import Gpus, Placement, Refused, gist
from retrieval.vectors.mirror import Mirror
from retrieval.vectors.selection import Nearest, Search
from retrieval.vectors.shelf import Shelf

if TYPE_CHECKING:
    from retrieval.vectors.lists import Lists
    from retrieval.vectors.mirrored_lists import MirroredLists

LARGE = 50_000_000
"""Bytes of a kind's rows from which a copy is made: below, the processor takes but milliseconds."""

ASKED = 8
"""Searches of a kind from which a copy is made."""


class Mirrors:
    """The copies of one library's vectors; safe to share between threads."""

    def __init__(self, find: Callable[[], Gpus | None]) -> None:
        self._find = find
        self._rows: dict[Kind, Mirror] = {}
        self._lists: dict[Kind, MirroredLists] = {}
        self._left: dict[Kind, str] = {}
        """Kinds that are the processor's for good, and what there is to say about it."""
        self._asked: Counter[Kind] = Counter()
        self._making: dict[Kind, Future[None]] = {}
        self._lock = Lock()

    @property
    def notice(self) -> str:
        """Why the processor searches what a GPU might, or nothing."""
        return " ".join(filter(None, self._left.values()))

    @property
    def placements(self) -> dict[Kind, Placement]:
        """What the GPUs hold."""
        lists = {kind: held.copy.placement for kind, held in self._lists.items()}
        return lists | {kind: held.placement for kind, held in self._rows.items()}

    def see(self, kind: Kind, shelf: Shelf, lists: Lists | None) -> None:
        """Take notice of a search; have a copy made where one has come to pay."""
        if not shelf.blocks or len(shelf.blocks[0]) * shelf.dim < LARGE or kind in self._left:
            return
        with self._lock:
            self._asked[kind] += 1
            if self._asked[kind] >= ASKED and not self._has(kind, shelf, lists):
                self._begin(kind, shelf, lists)

    def nearest(self, kind: Kind, search: Search) -> Nearest | None:
        """Find the k nearest passages exactly, or give nothing: then the processor must."""
        mirror = self._rows.get(kind)
        if mirror is None:
            return None
        try:
            return mirror.nearest(search)
        except (RuntimeError, MemoryError, Refused) as error:
            self._give_up(kind, error)
            return None

    def lists(self, kind: Kind, lists: Lists | None) -> Lists | None:
        """Give the lists to search a kind through, if any: those on a GPU if there are such."""
        if kind in self._rows:
            return None
        held = self._lists.get(kind)
        return held if held and lists and held.about == lists.about else lists

    def settle(self) -> None:
        """Return when no copy is being made; raise what making one raised."""
        for making in list(self._making.values()):
            making.result()

    def _has(self, kind: Kind, shelf: Shelf, lists: Lists | None) -> bool:
        if kind in self._rows:
            return self._rows[kind].is_still_of(shelf)
        return kind in self._lists and lists is not None and self._lists[kind].about == lists.about

    def _begin(self, kind: Kind, shelf: Shelf, lists: Lists | None) -> None:
        making = self._making.get(kind)
        if making is None:
            self._making[kind] = _maker().submit(self._make, kind, shelf, lists)
        elif making.done():
            del self._making[kind]
            # What it raised, if anything, is nothing that a GPU is expected to.
            making.result()

    def _make(self, kind: Kind, shelf: Shelf, lists: Lists | None) -> None:
        gpus = self._find()
        if gpus is None:
            self._left[kind] = ""
            return
        # There may be room for one of them only; the processor answers meanwhile.
        self._rows.pop(kind, None)
        self._lists.pop(kind, None)
        try:
            self._rows[kind] = Mirror(gpus, shelf.blocks[0])
        except Refused as error:
            self._make_lists(kind, lists, gpus, error)

    def _make_lists(self, kind: Kind, lists: Lists | None, gpus: Gpus, error: Refused) -> None:
        if lists is None:
            self._give_up(kind, error)
            return
        from retrieval.vectors.mirrored_lists import mirror_lists

        def give_up(error: Exception) -> None:
            self._give_up(kind, error)

        try:
            self._lists[kind] = mirror_lists(gpus, lists, give_up)
        except Refused as error:
            self._give_up(kind, error)

    def _give_up(self, kind: Kind, error: Exception) -> None:
        """Leave a kind to the processor until the library is opened again."""
        self._rows.pop(kind, None)
        self._lists.pop(kind, None)
        self._left[kind] = (
            f"The GPU does not search passages of kind {kind} ({gist(error)}); the processor does. "
            "TRIPTYCH_GPU=off leaves the GPU alone."
        )


@cache
def _maker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "gpu")
