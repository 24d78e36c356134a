"""Whether two looks show one picture, whole or cropped, mirrored or with a bar added to it.

The one is laid on the other so that their gradients agree best; each side of either may be cut
off. What agrees to SAME then is one picture, if it does so in every part and in its colours.
Gradients, since skies and horizons make the greys of most outdoor photos alike. What was measured:
``docs/duplicates.md``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from retrieval.alike.look import COLOURED, Floats, Looks

SAME = 0.96
"""The correlation of gradients from which two looks show one picture."""

SAME_PART = 0.55
"""The same within each of PARTS × PARTS parts: what was added or exchanged lies in one of them."""

SAME_COLOURS = 0.8
"""The correlation of colours; where one of the pictures is grey they need not agree."""

FAINT = 0.02
"""The share of the mean energy of a part below which it counts for less."""

GREY = 3.0
"""Levels of Cb and Cr that are no colour yet."""

CELLS, PARTS = 16, 4
"""Cells on a side in which looks are compared; finer ones feel every pixel of a cut."""

BAR, FRAME = 0.11, 0.03
"""Shares of a side: of a line of text below or above a picture; of a narrow frame around it."""

WINDOWS = np.array([[0, 0, 0, 0], [FRAME] * 4, [0, 0, BAR, 0], [0, 0, 0, BAR]], np.float32)
"""What is cut off left, right, above and below, as shares of the side; first, nothing."""

STARTS = [
    (0, 0),
    *((0, i) for i in range(1, len(WINDOWS))),
    *((i, 0) for i in range(1, len(WINDOWS))),
]
"""Where laying on begins: the windows of the one picture and of the other."""

SIDES = np.eye(4, dtype=np.float32)
MOVES = np.concatenate([SIDES, -SIDES, *(s * (SIDES[[0, 2]] - SIDES[[1, 3]]) for s in (1, -1))])
"""How the cuts may change at once: one side, or two so that the picture shifts."""

COURSE = (
    *((0.05, 0.4), (0.05, 0.7), (0.05, 0.82)),
    *((0.025, 0.84), (0.025, 0.88), (0.025, 0.9)),
    *((0.0125, 0.9), (0.0125, 0.92), (0.0125, 0.94)),
    *((0.00625, 0.94), (0.00625, 0.95), (0.00625, 0.95)),
)
"""The moves in turn: by how much, and what must have been reached for it to be worth the while."""

MOST_CUT = 0.25
"""The share of a side beyond which it is another picture."""


def show_the_same(one: Looks, other: Looks) -> NDArray[np.bool_]:
    """Tell which of n pairs of looks show one picture."""
    uncut = np.zeros((len(one), 4), np.float32)
    same = _agreement(one.greys, other.greys, uncut) >= SAME
    pairs = np.flatnonzero(~same)
    same[same] = _agree_throughout(one.take(same), other.take(same), uncut[same])
    one, cuts, reached = _begin(one.take(pairs), other.take(pairs))
    other = other.take(pairs)
    for step, enough in COURSE:
        done = reached >= SAME
        same[pairs[done]] = _agree_throughout(one.take(done), other.take(done), cuts[done])
        going = ~done & (reached >= enough)
        one, other, cuts = one.take(going), other.take(going), cuts[going]
        pairs, reached = pairs[going], reached[going]
        if not len(pairs):
            return same
        cuts, reached = _move(one.greys, other.greys, cuts, reached, step)
    done = reached >= SAME
    same[pairs[done]] = _agree_throughout(one.take(done), other.take(done), cuts[done])
    return same


def _begin(one: Looks, other: Looks) -> tuple[Looks, Floats, Floats]:
    """Choose how to begin: the one picture or its mirror image, and the cuts."""
    straight, turned, against = (
        [unit(slopes(average(greys, window[None], CELLS))) for window in WINDOWS]
        for greys in (one.greys, one.mirrored().greys, other.greys)
    )
    agreements = np.stack(
        [_products(way[i], against[j]) for way in (straight, turned) for i, j in STARTS], axis=1
    )
    best = agreements.argmax(axis=1)
    flip = (best >= len(STARTS))[:, None, None]
    greys = np.where(flip, one.greys[..., ::-1], one.greys)
    colours = np.where(flip[..., None], one.colours[..., ::-1], one.colours)
    starts = np.stack([WINDOWS[i] - WINDOWS[j] for i, j in STARTS])
    return Looks(greys, colours), starts[best % len(STARTS)], agreements.max(axis=1)


def _move(
    one: Floats, other: Floats, cuts: Floats, reached: Floats, step: float
) -> tuple[Floats, Floats]:
    """Make the move of a size that helps most, where one does."""
    tries, rows = len(MOVES), np.arange(len(one))
    moved: Floats = np.clip(cuts[:, None] + np.float32(step) * MOVES, -MOST_CUT, MOST_CUT)
    agreements = _agreement(
        np.repeat(one, tries, axis=0), np.repeat(other, tries, axis=0), moved.reshape(-1, 4)
    ).reshape(-1, tries)
    best = agreements.argmax(axis=1)
    found = agreements[rows, best]
    cuts = np.where((found > reached)[:, None], moved[rows, best], cuts)
    return cuts, np.maximum(found, reached)


def _agreement(one: Floats, other: Floats, cuts: Floats) -> Floats:
    first, second = (unit(laid) for laid in _laid(one, other, cuts))
    return _products(first, second)


def _laid(one: Floats, other: Floats, cuts: Floats) -> tuple[Floats, Floats]:
    """Give the slopes of what is left of both pictures when each is cut."""
    first = average(one, np.maximum(cuts, 0), CELLS)
    second = average(other, np.maximum(-cuts, 0), CELLS)
    return slopes(first), slopes(second)


def slopes(cells: Floats) -> Floats:
    """Give the differences of neighbours, across and down, in n grids, [n, 2, side-1, side-1]."""
    corner = cells[:, :-1, :-1]
    return np.stack([cells[:, :-1, 1:] - corner, cells[:, 1:, :-1] - corner], axis=1)


def unit(rows: Floats) -> Floats:
    """Give n arrays as rows of unit length, or of zeros."""
    flat = rows.reshape(len(rows), math.prod(rows.shape[1:]))
    lengths = np.sqrt(np.einsum("ij,ij->i", flat, flat))[:, None]
    scaled: Floats = flat / np.maximum(lengths, np.float32(1e-6))
    return scaled


def average(planes: Floats, cuts: Floats, cells: int) -> Floats:
    """Cut each of n planes, [n, side, side], and average what is left in cells × cells."""
    side = planes.shape[-1]
    down = _shares(cuts[:, 2], cuts[:, 3], side, cells)
    across = _shares(cuts[:, 0], cuts[:, 1], side, cells)
    averages: Floats = np.matmul(np.matmul(down, planes), across.transpose(0, 2, 1))
    return averages


def _shares(start: Floats, end: Floats, side: int, cells: int) -> Floats:
    """Give matrices, [n, cells, side], that average the pixels between two cuts."""
    length = side * (1 - start - end)
    marks = np.arange(cells + 1, dtype=np.float32) / np.float32(cells)
    edges = side * start[:, None] + length[:, None] * marks
    covered = np.clip(edges[:, :, None] - np.arange(side, dtype=np.float32), 0, 1)
    shares: Floats = np.multiply(np.diff(covered, axis=1), (cells / length)[:, None, None])
    return shares


def _agree_throughout(one: Looks, other: Looks, cuts: Floats) -> NDArray[np.bool_]:
    """Compare pictures that are laid on each other part by part, and their colours."""
    return (_worst_part(one, other, cuts) >= SAME_PART) & (_hue(one, other, cuts) >= SAME_COLOURS)


def _worst_part(one: Looks, other: Looks, cuts: Floats) -> Floats:
    first, second = (unit(laid) for laid in _laid(one.greys, other.greys, cuts))
    shared, of_one, of_other = (
        _by_part(products) for products in (first * second, first**2, second**2)
    )
    little = np.float32(FAINT / PARTS**2)
    worst: Floats = ((shared + little) / (np.sqrt(of_one * of_other) + little)).min(axis=1)
    return worst


def _by_part(rows: Floats) -> Floats:
    side = CELLS - 1
    both = rows.reshape(len(rows), 2, side, side).sum(axis=1)
    edges = np.linspace(0, side, PARTS, endpoint=False).astype(np.int64)
    summed = np.add.reduceat(np.add.reduceat(both, edges, axis=1), edges, axis=2)
    return summed.reshape(len(rows), PARTS**2)


def _hue(one: Looks, other: Looks, cuts: Floats) -> Floats:
    cells = COLOURED // 2
    first, second = (
        average(
            looks.colours.reshape(-1, COLOURED, COLOURED), np.repeat(cut, 2, axis=0), cells
        ).reshape(len(looks), 2 * cells**2)
        for looks, cut in ((one, np.maximum(cuts, 0)), (other, np.maximum(-cuts, 0)))
    )
    sizes = [np.sqrt((colours**2).mean(axis=1)) for colours in (first, second)]
    agreement = _products(unit(first), unit(second))
    return np.where(np.minimum(*sizes) < GREY, np.float32(1), agreement)


def _products(one: Floats, other: Floats) -> Floats:
    products: Floats = np.einsum("ij,ij->i", one, other)
    return products
