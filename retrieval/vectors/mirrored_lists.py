"""FAISS's inverted lists as a GPU holds them: for kinds whose rows are too many for it.

A GPU takes no notice of filters and gives but LIMIT rows, so it is asked for as many more as the
filter leaves out, and what it gives is held against the filter. Where that is not enough, or the
GPU fails, the lists on the processor answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors import approach
from retrieval.vectors.gpu import LIMIT, Copy, Gpus
from retrieval.vectors.lists import SPARE, Lists
from retrieval.vectors.selection import Selection


@dataclass(frozen=True, eq=False)
class MirroredLists(Lists):
    """Lists that a GPU holds a copy of."""

    copy: Copy = field(kw_only=True)
    give_up: Callable[[Exception], None] = field(kw_only=True)
    """Takes what the GPU failed with."""

    def find(self, query: Vectors, among: Selection) -> Ids:
        """Find passages of a selection that probably hold the REACH nearest, in no order."""
        wanted = SPARE * approach.REACH
        rows = int(wanted * len(among.shelf) / max(among.count, 1)) + 1
        near = self._look(query, rows, among) if rows <= LIMIT else None
        if near is None or len(near) < wanted:
            return super().find(query, among)
        return near

    def _look(self, query: Vectors, rows: int, among: Selection) -> Ids | None:
        try:
            seen = self.copy.look(self.shorten(query), rows)
        except (RuntimeError, MemoryError) as error:
            self.give_up(error)
            return None
        if seen is None:
            return None
        positions, _ = among.shelf.find(seen.rows[seen.rows >= 0])
        near: Ids = among.shelf.ids[positions[among.mask[positions]]]
        return near


def mirror_lists(gpus: Gpus, lists: Lists, give_up: Callable[[Exception], None]) -> MirroredLists:
    """Copy lists to the GPUs, or raise Refused."""
    copy = gpus.copy_lists(lists.parted, lists.about.nprobe)
    return MirroredLists(**vars(lists), copy=copy, give_up=give_up)
