"""A first glance at looks: which pairs are worth laying on each other.

A glance costs one product of matrices for thousands of pairs. It compares the gradients of eight by
eight cells: of the whole pictures, of one of them without a narrow frame or a bar, and of mirror
images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.alike.alignment import WINDOWS, average, unit
from retrieval.alike.look import Floats, Kept, looks_of

CELLS = 8
ACROSS = CELLS * (CELLS - 1)
"""Differences across; as many again go down."""

WORTH = 0.75
"""The correlation from which a pair is laid on each other: of photos of different things, 3 in
100,000 pairs reach it."""

AT_ONCE = 4096
"""Looks whose views are taken together."""


@dataclass(frozen=True, slots=True, eq=False)
class Glances:
    """What is seen of n looks at first: [WINDOWS, n, 2 · ACROSS], each row of unit length."""

    views: Floats

    def __len__(self) -> int:
        return int(self.views.shape[1])

    def of(self, rows: slice | NDArray[np.int64]) -> Glances:
        """Choose some of them."""
        return Glances(self.views[:, rows])


def glance(kept: Kept) -> Glances:
    """Take the views of looks."""
    views = np.empty((len(WINDOWS), len(kept), 2 * ACROSS), np.float32)
    for start in range(0, len(kept), AT_ONCE):
        greys = looks_of(kept[start : start + AT_ONCE]).greys
        for view, cuts in zip(views, WINDOWS, strict=True):
            cells = average(greys, cuts[None], CELLS)
            view[start : start + AT_ONCE] = _differences(cells)
    return Glances(views)


def worth_laying(rows: Glances, columns: Glances) -> NDArray[np.bool_]:
    """Tell which pairs of a row and a column may show one picture, [rows, columns]."""
    worth: NDArray[np.bool_] = _turned(rows.views[0]) @ columns.views[0].T >= WORTH
    for view in rows.views:
        worth |= view @ columns.views[0].T >= WORTH
    for view in columns.views[1:]:
        worth |= rows.views[0] @ view.T >= WORTH
    return worth


def _turned(view: Floats) -> Floats:
    """Give the same view of the mirror images, [n, 2 · ACROSS]."""
    across = -view[:, :ACROSS].reshape(len(view), CELLS, CELLS - 1)[..., ::-1]
    down = view[:, ACROSS:].reshape(len(view), CELLS - 1, CELLS)[..., ::-1]
    return np.concatenate(
        [across.reshape(len(view), ACROSS), down.reshape(len(view), ACROSS)], axis=1
    )


def _differences(cells: Floats) -> Floats:
    across = np.diff(cells, axis=2).reshape(len(cells), ACROSS)
    down = np.diff(cells, axis=1).reshape(len(cells), ACROSS)
    return unit(np.concatenate([across, down], axis=1))
