"""The passages of one kind: blocks of rows, and what can be asked of them together.

Shelves never change: catching up with the catalog makes a new one, so that a search under way
goes on with the one it began with. Kinds have a shelf each because a search, its background and
its approximate index are of one kind; see ``retrieval.search.background`` on why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.block import STRUCK, Block, Mask, join

CROWDED = 8
"""Blocks in memory from which they are put together: each costs a search a little."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Blocks in order of passage id: at most the first is mapped from a file."""

    blocks: tuple[Block, ...]
    dim: int

    def __len__(self) -> int:
        return sum(len(block) for block in self.blocks)

    @cached_property
    def ids(self) -> Ids:
        """The passage of each row, ascending."""
        return _join([block.ids for block in self.blocks])

    @cached_property
    def contents(self) -> Ids:
        """The content of each row, or STRUCK."""
        return _join([block.contents for block in self.blocks])

    @cached_property
    def struck(self) -> int:
        """How many rows belong to passages that are gone."""
        return int(np.count_nonzero(self.contents == STRUCK))

    @property
    def present(self) -> Ids:
        """The passages whose rows are not struck out."""
        present: Ids = self.ids[self.contents != STRUCK]
        return present

    def find(self, ids: Ids) -> tuple[Ids, Mask]:
        """Look up passages: the positions of those that are here, and which of them are."""
        positions = np.searchsorted(self.ids, ids)
        here = positions < len(self)
        here[here] = self.ids[positions[here]] == ids[here]
        return positions[here], here

    def at(self, positions: Ids) -> Vectors:
        """Give the vectors, [n, dim], of some rows."""
        found = np.empty((len(positions), self.dim), np.float32)
        for block, start in zip(self.blocks, self.starts, strict=True):
            here = (positions >= start) & (positions < start + len(block))
            found[here] = block.vectors[positions[here] - start]
        return found

    @property
    def starts(self) -> list[int]:
        """The position of each block's first row."""
        return [0, *accumulate(len(block) for block in self.blocks)][: len(self.blocks)]

    def mask(self, holds: Mask) -> Mask:
        """Tell which rows belong to contents that ``holds`` is true at.

        Neither its first place nor its last belongs to a content: what is struck out looks up the
        one, a content that came later the other.
        """
        return holds.take(self.contents, mode="clip")

    def after(self, last: int) -> Shelf:
        """Give a view of the rows with greater ids."""
        starts = [int(np.searchsorted(block.ids, last, side="right")) for block in self.blocks]
        views = [block.behind(start) for block, start in zip(self.blocks, starts, strict=True)]
        return replace(self, blocks=tuple(view for view in views if len(view)))

    def split(self, mask: Mask) -> list[Mask]:
        """Cut a mask over all rows into one for each block."""
        return np.split(mask, self.starts[1:]) if self.blocks else []

    def take(self, mask: Mask) -> Shelf:
        """Copy some of the rows onto a shelf of their own."""
        taken = [
            block.take(np.flatnonzero(part))
            for block, part in zip(self.blocks, self.split(mask), strict=True)
        ]
        return replace(self, blocks=tuple(taken))

    def add(self, block: Block) -> Shelf:
        """Put rows with greater ids behind the others."""
        mapped, loose = self.blocks[:1], [*self.blocks[1:], block]
        if len(loose) > CROWDED:
            loose = [join(loose)]
        return replace(self, blocks=(*mapped, *loose))

    def without(self, ids: Ids) -> Shelf:
        """Strike out the rows of passages that are gone."""
        return replace(self, blocks=tuple(_without(block, ids) for block in self.blocks))


def _without(block: Block, ids: Ids) -> Block:
    gone = np.flatnonzero(np.isin(block.ids, ids))
    return block.strike(gone) if len(gone) else block


def _join(columns: Sequence[Ids]) -> Ids:
    if len(columns) == 1:
        return columns[0]
    return np.concatenate(columns) if columns else np.empty(0, np.int64)
