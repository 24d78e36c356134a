"""Lays out a graph in the plane: what is bound comes near, everything else keeps away.

Follows McInnes, Healy, Melville, "UMAP" (arXiv 1802.03426), section 3.2 and algorithm 5, with the
kernel of Tang et al., "LargeVis" (arXiv 1602.00370): gradient descent on the cross entropy of ties,
drawn by their strength, against pairs drawn at random. Where these move one pair after the other,
here many move at once, few enough that a point mostly takes part but once or twice. The same seed
gives the same places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.protocol import Vectors
from retrieval.map.neighbours import Ties

Places = NDArray[np.float32]
"""Points of the plane, [n, 2]."""

Moves = NDArray[np.float32]
"""The same, an axis after the other: [2, …]."""

EPOCHS = 300
"""How often every tie may be drawn: between UMAP's choices for small graphs and large ones."""

REPULSIONS = 5
"""Points that keep away from each end of a tie whenever it is drawn; UMAP's own choice."""

NEAR = 0.5
"""Tells how alike two points are by their distance, 1 / (1 + NEAR distance²): about what UMAP has
for points that are alike up to a distance of 0.5, so that pictures come to lie side by side."""

FURTHEST = 4.0
"""How far one pair may move a point along an axis."""

SPAN = 10.0
"""How far from the middle the first places reach."""

BLUR = 0.01
"""How far points move first of all, at random: what begins at one place would never part."""

TINY = 1e-6


def lay_out(ties: Ties, start: Places, seed: int) -> Places:
    """Move points, [n, 2], from their first places to where those that are bound are near."""
    random = np.random.default_rng(seed)
    apart = random.normal(0, BLUR, start.shape)
    places = np.ascontiguousarray((start + apart).T, np.float32)
    chances = ties.strengths / max(float(ties.strengths.max(initial=0)), TINY)
    for epoch in range(EPOCHS):
        drawn = np.flatnonzero(random.random(len(chances), np.float32) < chances)
        rounds = max(1, 2 * len(drawn) // len(start)) if len(start) else 1
        for part in np.array_split(random.permutation(drawn), rounds):
            places += (1 - epoch / EPOCHS) * _moves(places, ties, part, random)
    return np.ascontiguousarray(places.T)


def first_places(vectors: Vectors) -> Places:
    """Spread vectors, [n, dim], along the two directions in which they vary most."""
    centred = vectors - vectors.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    flat = centred @ directions[:, :-3:-1]
    furthest = np.abs(flat).max(0, initial=TINY)
    signs = np.where(flat.max(0, initial=0) < furthest, -1, 1)  # LAPACK gives either
    places: Places = (SPAN * signs * flat / furthest.max()).astype(np.float32)
    return places


def _moves(
    places: Moves, ties: Ties, part: NDArray[np.int64], random: np.random.Generator
) -> Moves:
    ends = np.concatenate([ties.one[part], ties.other[part]])
    bound = np.concatenate([ties.other[part], ties.one[part]])
    strangers = random.integers(0, places.shape[1], (REPULSIONS, len(ends)), np.int32)
    here = places[:, ends]
    moves = _attraction(here - places[:, bound])
    moves += _repulsion(here[:, None] - places[:, strangers]).sum(1)
    count = places.shape[1]
    return np.stack([np.bincount(ends, axis, count) for axis in moves]).astype(np.float32)


def _attraction(away: Moves) -> Moves:
    return _bounded(-2 * NEAR / (1 + NEAR * _squares(away)), away)


def _repulsion(away: Moves) -> Moves:
    squares = _squares(away)
    return _bounded(2 / ((0.001 + squares) * (1 + NEAR * squares)), away)


def _squares(away: Moves) -> Moves:
    squares: Moves = away[0] * away[0] + away[1] * away[1]
    return squares


def _bounded(forces: NDArray[np.floating], away: Moves) -> Moves:
    moves: Moves = np.clip(forces * away, -FURTHEST, FURTHEST, dtype=np.float32)
    return moves
