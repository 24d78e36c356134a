"""A stretch of rows: vectors, the bytes that stand for them in a first look, and whose they are.

A block never changes, but for rows that are struck out because their passage left the catalog.
Every row is kept twice: as float32, which is the truth, and as signed bytes with a scale, a quarter
of the size, on the block's grid. How long it is there and how far its bytes are off is kept beside
them, so that a search over the bytes can tell how far it may be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.grid import Codes, Grid, learn_grid, quantise

ROW = np.dtype(
    [("id", "<i8"), ("content", "<i8"), ("scale", "<f4"), ("error", "<f4"), ("length", "<f4")]
)
"""What is kept of a row beside its vector and its bytes."""

STRUCK = -1
"""The content of a row whose passage is gone."""

Rows = NDArray[np.void]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Block:
    """Rows in order of passage id: ``rows[n]`` of ROW, ``vectors[n, dim]``, ``codes[n, dim]``."""

    rows: Rows
    vectors: Vectors
    codes: Codes
    grid: Grid

    def __len__(self) -> int:
        return len(self.rows)

    # Columns of their own: in ``rows`` they lie 28 bytes apart, which is slow to scan.

    @cached_property
    def ids(self) -> Ids:
        """The passage of each row, ascending."""
        return np.ascontiguousarray(self.rows["id"])

    @cached_property
    def contents(self) -> Ids:
        """The content of each row's passage, or STRUCK."""
        return np.ascontiguousarray(self.rows["content"])

    @cached_property
    def scales(self) -> Vectors:
        """What a row's bytes are multiplied with."""
        return np.ascontiguousarray(self.rows["scale"])

    @cached_property
    def errors(self) -> Vectors:
        """How far a row's bytes lie from where it lies on the grid."""
        return np.ascontiguousarray(self.rows["error"])

    @cached_property
    def lengths(self) -> Vectors:
        """How far a row lies from the grid's centre, in its steps."""
        return np.ascontiguousarray(self.rows["length"])

    @property
    def is_in_order(self) -> bool:
        """Tell whether the ids ascend, as they must."""
        return bool((np.diff(self.ids) > 0).all())

    def agrees_with(self, other: Block) -> bool:
        """Tell whether all rows of another block are here, just as they are there."""
        found = self.take(np.flatnonzero(np.isin(self.ids, other.ids)))
        other = other.on(self.grid)
        return all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (found.contents, other.contents),
                (found.vectors, other.vectors),
                (found.codes, other.codes),
            )
        )

    def take(self, positions: Ids) -> Block:
        """Copy some of the rows."""
        some = self.rows[positions], self.vectors[positions], self.codes[positions]
        return Block(*some, self.grid)

    def behind(self, start: int) -> Block:
        """Give a view of the rows from a position on."""
        return Block(self.rows[start:], self.vectors[start:], self.codes[start:], self.grid)

    def on(self, grid: Grid) -> Block:
        """Give the same rows with bytes on another grid."""
        if grid is self.grid:
            return self
        return _round(self.ids, self.contents, self.vectors, grid)

    def strike(self, positions: Ids) -> Block:
        """Give the same rows with some of them struck out."""
        rows = np.array(self.rows)
        rows["content"][positions] = STRUCK
        return replace(self, rows=rows)


def make_block(ids: Ids, contents: Ids, vectors: Vectors) -> Block:
    """Make a block of passages' vectors, [n, dim] of unit length, on a grid of its own."""
    return _round(ids, contents, vectors, learn_grid(vectors))


def join(blocks: Sequence[Block]) -> Block:
    """Put blocks end to end, on a grid of their own."""
    return make_block(
        np.concatenate([block.ids for block in blocks]),
        np.concatenate([block.contents for block in blocks]),
        np.concatenate([block.vectors for block in blocks]),
    )


def _round(ids: Ids, contents: Ids, vectors: Vectors, grid: Grid) -> Block:
    placed = grid.place(vectors)
    codes, scales = quantise(placed)
    rows = np.empty(len(ids), ROW)
    rows["id"], rows["content"], rows["scale"] = ids, contents, scales
    rows["error"] = np.linalg.norm(placed - codes * scales[:, None], axis=1)
    rows["length"] = np.linalg.norm(placed, axis=1)
    return Block(rows, vectors, codes, grid)
