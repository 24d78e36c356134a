"""The grid that a kind's vectors are rounded to: bytes that lose as little as they can.

Vectors of one encoder lie in a cone about their mean, and a few components of CLIP's vary many
times more than the rest. So each component is counted from its mean, in standard deviations; else
the loud ones would take up the bytes' whole range. With x = centre + steps · y, the inner product
of a query is q·x = q·centre + (q · steps)·y, and only y is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.protocol import Vectors

LEVELS = 127
"""The largest byte: the sign takes the eighth bit, and -128 is left out to keep it even."""

FAINTEST = np.float32(1e-30)
"""What is divided by in place of nought."""

ASSUMED = 64
"""Vectors it takes to outweigh what is assumed before any are seen: that components are alike."""

Codes = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Grid:
    """Where each component is counted from and in what steps, [dim] each."""

    centre: Vectors
    steps: Vectors

    @property
    def is_sound(self) -> bool:
        """Tell whether anything can be placed on it."""
        return bool(np.isfinite(self.centre).all() and (self.steps > 0).all())

    def place(self, vectors: Vectors) -> Vectors:
        """Give the y of each row, [n, dim]."""
        placed: Vectors = (vectors - self.centre) / self.steps
        return placed


def learn_grid(vectors: Vectors) -> Grid:
    """Learn a grid from some of a kind's vectors, [n, dim]; from few of them it is nearly even."""
    seen = len(vectors)
    centre = vectors.sum(axis=0, dtype=np.float64) / (seen + ASSUMED)
    variances = np.square(vectors - centre).sum(axis=0)
    usual = variances.mean() / max(seen, 1)
    steps = np.sqrt((variances + ASSUMED * usual) / (seen + ASSUMED))
    return Grid(centre.astype(np.float32), np.maximum(steps, FAINTEST).astype(np.float32))


def quantise(rows: Vectors, most: int = LEVELS) -> tuple[Codes, Vectors]:
    """Round each row, [n, dim], to bytes, none above ``most``, and a scale of its own."""
    largest = np.abs(rows).max(axis=1, initial=0)
    scales = (np.maximum(largest, FAINTEST) / most).astype(np.float32)
    codes = np.rint(rows / scales[:, None]).astype(np.int8)
    return codes, scales
