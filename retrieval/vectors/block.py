"""A stretch of rows: vectors, the bytes that stand for them in a first look, and whose they are.

A block never changes, but for rows that are struck out because their passage left the catalog.
Every row is kept twice: as float32, which is the truth, and as signed bytes with a scale, a quarter
of the size, whose distance from the truth is kept beside them (``errors``), so that a search over
the bytes can tell how far it may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors

ROW = np.dtype([("id", "<i8"), ("content", "<i8"), ("scale", "<f4"), ("error", "<f4")])
"""What is kept of a row beside its vector and its bytes."""

STRUCK = -1
"""The content of a row whose passage is gone."""

LEVELS = 127
"""The largest byte: the sign takes the eighth bit, and -128 is left out to keep it even."""

FAINTEST = np.float32(1e-30)
"""What a vector of nothing but zeros is divided by."""

Rows = NDArray[np.void]
Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Block:
    """Rows in order of passage id: ``rows[n]`` of ROW, ``vectors[n, dim]``, ``codes[n, dim]``."""

    rows: Rows
    vectors: Vectors
    codes: Codes

    def __len__(self) -> int:
        return len(self.rows)

    # Columns of their own: in ``rows`` they lie 24 bytes apart, which is slow to scan.

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
        """How far, as a length, a row's bytes lie from its vector."""
        return np.ascontiguousarray(self.rows["error"])

    @property
    def is_in_order(self) -> bool:
        """Tell whether the ids ascend, as they must."""
        return bool((np.diff(self.ids) > 0).all())

    def agrees_with(self, other: Block) -> bool:
        """Tell whether all rows of another block are here, just as they are there."""
        found = self.take(np.flatnonzero(np.isin(self.ids, other.ids)))
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
        return Block(self.rows[positions], self.vectors[positions], self.codes[positions])

    def behind(self, start: int) -> Block:
        """Give a view of the rows from a position on."""
        return Block(self.rows[start:], self.vectors[start:], self.codes[start:])

    def strike(self, positions: Ids) -> Block:
        """Give the same rows with some of them struck out."""
        rows = np.array(self.rows)
        rows["content"][positions] = STRUCK
        return Block(rows, self.vectors, self.codes)


def make_block(ids: Ids, contents: Ids, vectors: Vectors) -> Block:
    """Make a block of passages' vectors, [n, dim] of unit length."""
    codes, scales = quantise(vectors)
    rows = np.empty(len(ids), ROW)
    rows["id"], rows["content"], rows["scale"] = ids, contents, scales
    rows["error"] = np.linalg.norm(vectors - codes * scales[:, None], axis=1)
    return Block(rows, vectors, codes)


def quantise(vectors: Vectors) -> tuple[Codes, Vectors]:
    """Round each row, [n, dim], to bytes and a scale of its own."""
    largest = np.abs(vectors).max(axis=1, initial=0)
    scales = (np.maximum(largest, FAINTEST) / LEVELS).astype(np.float32)
    codes = np.rint(vectors / scales[:, None]).astype(np.int8)
    return codes, scales


def join(blocks: list[Block]) -> Block:
    """Put blocks end to end."""
    return Block(
        np.concatenate([block.rows for block in blocks]),
        np.concatenate([block.vectors for block in blocks]),
        np.concatenate([block.codes for block in blocks]),
    )
