"""Folds near-duplicates in a ranking together, each into the best hit that it nearly is.

Every content is compared with every other, so a ranking should be some hundred long. What is folded
at a position depends only on what ranks above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.alike.comparison import Comparison, Positions, compare
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind


@dataclass(frozen=True, slots=True)
class Fold:
    """A hit that stands for others, by their positions in the ranking."""

    head: int
    folded: tuple[int, ...]


def fold(ranking: Sequence[Sketch | None]) -> tuple[Fold, ...]:
    """Fold each content into the first head above it that it nearly duplicates.

    The contents come best first, each with its sketch; one without stands for itself.
    """
    heads = np.arange(len(ranking))
    for kind in Kind:
        placed = [(i, sketch) for i, sketch in enumerate(ranking) if sketch and sketch.kind is kind]
        if len(placed) > 1:
            places = np.array([place for place, _ in placed])
            comparison = compare(kind, [sketch for _, sketch in placed])
            heads[places] = places[_heads(comparison, len(places))]
    folded: dict[int, list[int]] = {head: [] for head in np.unique(heads).tolist()}
    for position in np.flatnonzero(heads != np.arange(len(heads))).tolist():
        folded[int(heads[position])].append(position)
    return tuple(Fold(head, tuple(behind)) for head, behind in folded.items())


def _heads(comparison: Comparison, count: int) -> Positions:
    """Find the head of each, itself for a head; no pair is confirmed that need not be."""
    heads = np.arange(count)
    possible = np.tril(comparison.near(slice(0, count), slice(0, count)), -1)
    waiting = np.flatnonzero(possible.any(axis=1))
    while len(waiting):
        first = possible[waiting].argmax(axis=1)
        ready = ~np.isin(first, waiting)
        asked, into = waiting[ready], first[ready]
        same = comparison.confirm(into, asked)
        joined = asked[same]
        heads[joined] = into[same]
        possible[asked, into] = False
        possible[joined] = False
        possible[:, joined] = False
        waiting = np.flatnonzero(possible.any(axis=1))
    return heads
