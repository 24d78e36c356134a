"""The meaning block: e5's sentence vector, centred and turned to its strongest directions.

It is fitted once and never trained, so text finds text as well as plain e5 does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Meaning(NamedTuple):
    """An affine map to the block: ``[384]`` and ``[384, 255]``."""

    centre: Floats
    axes: Floats

    def __call__(self, pooled: Floats) -> Floats:
        """Map pooled e5 states ``[n, 384]`` to unit rows ``[n, 255]``."""
        return unit((unit(pooled) - self.centre) @ self.axes)


def unit(rows: Floats) -> Floats:
    """Bring each row to length one."""
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def fit_meaning(pooled: Floats, dim: int) -> Meaning:
    """Find the strongest directions of these sentences by their covariance."""
    rows = unit(pooled)
    centre = rows.mean(0)
    _, axes = np.linalg.eigh(np.cov((rows - centre).T))
    return Meaning(centre, np.ascontiguousarray(axes[:, ::-1][:, :dim], np.float32))
