"""Turns a layout and fits it into its frame: 0 to 1 along the longer side, from left to right.

Where some of it lay on a map before, it is turned so that those come as near as can be to where
they were: the orthogonal Procrustes problem (Schönemann, Psychometrika 31, 1966), on the plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.map.layout import Places

EVEN = 0.5
"""How much of a place along an axis is its rank: less emptiness between groups, nearly the same
neighbours."""

TALLEST = 1.25
"""How high a map may become for its width before it is turned otherwise than the one before."""

ENOUGH = 3
"""Points that tell how a layout is turned, and whether it is mirrored."""

TINY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Rows of a layout, and where they were on the map before, [n, 2]."""

    rows: Ids
    places: Places


def arrange(places: Places, anchors: Anchors | None = None) -> Places:
    """Turn places, [n, 2], like the map before or else widest from left to right; shrink gaps."""
    if not len(places):
        return places
    centred = places - places.mean(0)
    turned = _fitted(centred @ _turning(centred, anchors))
    ranks = turned.argsort(0, kind="stable").argsort(0) / max(len(turned) - 1, 1)
    return _fitted((1 - EVEN) * turned + EVEN * ranks * turned.max(0))


def _turning(centred: Places, anchors: Anchors | None) -> NDArray[np.floating]:
    """Find the turning, [2, 2]; like the map before, unless it would stand upright."""
    if anchors is not None and len(anchors.rows) >= ENOUGH:
        like_before = _onto(centred[anchors.rows], anchors.places)
        wide, tall = np.ptp(centred @ like_before, axis=0)
        if tall <= TALLEST * wide:
            return like_before
    directions: NDArray[np.floating] = np.linalg.eigh(centred.T @ centred).eigenvectors[:, ::-1]
    return directions


def _onto(places: Places, others: Places) -> NDArray[np.floating]:
    """Find the turning, [2, 2], that brings places nearest to others."""
    left, _, right = np.linalg.svd((places - places.mean(0)).T @ (others - others.mean(0)))
    turning: NDArray[np.floating] = left @ right
    return turning


def _fitted(places: Places) -> Places:
    moved = places - places.min(0)
    fitted: Places = (moved / max(float(moved.max()), TINY)).astype(np.float32)
    return fitted
