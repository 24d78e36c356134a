"""Folds near-duplicates in a ranking together, each into the best hit that it nearly is.

What is folded at a position depends only on what ranks above it, so that the first heads are the
same however deep a ranking goes, and pages tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.alike.comparison import Positions, compare
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind

WINDOW = 128
"""Positions that are looked back over."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A hit that stands for others, by their positions in the ranking."""

    head: int
    folded: tuple[int, ...]
    """Whole once WINDOW more positions are known."""


def fold(ranking: Sequence[Sketch | None]) -> tuple[Fold, ...]:
    """Fold each content into the first one above it that it nearly duplicates.

    The contents come best first, each with its sketch; one without stands for itself.
    """
    above = _alike_above(ranking)
    heads: dict[int, list[int]] = {}
    for position in range(len(ranking)):
        head = next((head for head in above.get(position, ()) if head in heads), None)
        if head is None:
            heads[position] = []
        else:
            heads[head].append(position)
    return tuple(Fold(head, tuple(folded)) for head, folded in heads.items())


def _alike_above(ranking: Sequence[Sketch | None]) -> dict[int, list[int]]:
    """Find for each position those above it, in order, that it nearly duplicates."""
    above: dict[int, list[int]] = {}
    for kind in Kind:
        places = [i for i, sketch in enumerate(ranking) if sketch and sketch.kind is kind]
        if len(places) > 1:
            sketches = [sketch for sketch in ranking if sketch and sketch.kind is kind]
            for later, earlier in _pairs(kind, sketches, np.array(places)):
                above.setdefault(later, []).append(earlier)
    return above


def _pairs(kind: Kind, sketches: Sequence[Sketch], places: Positions) -> list[tuple[int, int]]:
    comparison = compare(kind, sketches)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(sketches), WINDOW):
        first = max(0, start - WINDOW)
        near = comparison.near(slice(start, start + WINDOW), slice(first, start + WINDOW))
        later, earlier = np.nonzero(near)
        later, earlier = later + start, earlier + first
        distance = places[later] - places[earlier]
        within = (distance > 0) & (distance <= WINDOW)
        later, earlier = later[within], earlier[within]
        same = comparison.confirm(earlier, later)
        chosen = (places[later[same]].tolist(), places[earlier[same]].tolist())
        pairs.extend(zip(*chosen, strict=True))
    return pairs
