"""The geometry of plots, in the units of their picture; the template draws them.

A series is what one encoder contributes, and its place among the encoders is its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cli.rankings import cells
from retrieval.evaluation.bootstrap import Quality
from retrieval.evaluation.ranking import Floats

WIDTH, HEIGHT = 340, 216
LEFT, RIGHT, TOP, BOTTOM = 38, 326, 10, 184
DEEPEST = 100
"""The last k of a recall curve."""
MARKED = (1, 5, 10)
"""The k whose recall has an interval."""
STRETCHES = (1, 5, 10, 50, 100, 500, 1000)
"""The last rank of each of the histogram's bars; one more holds the rest."""
HIGHEST = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Where its axis may end."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a curve with the ends of its interval, or a bar with its ends."""

    x: float
    y: float
    top: float
    bottom: float
    says: str


@dataclass(frozen=True, slots=True)
class Series:
    """One encoder's curve or bars."""

    marks: tuple[Mark, ...]
    points: str = ""
    """The curve."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Series with their axes."""

    says: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    series: tuple[Series, ...]
    bar: float = 0.0
    """The width of a bar; 0 for curves."""


def recall_curves(qualities: Sequence[Quality]) -> Plot:
    """Plot the fraction of queries answered within the first k, over k on a logarithmic axis."""
    ticks = tuple(Tick(_along(k), str(k)) for k in (1, 2, 5, 10, 20, 50, DEEPEST))
    curves = tuple(_curve(quality) for quality in qualities)
    return Plot("Recall within the first k, over k", ticks, _shares(1.0), curves)


def rank_histogram(qualities: Sequence[Quality]) -> Plot:
    """Plot the fraction of queries whose right answer came in each stretch of ranks."""
    shares = np.array([_stretches(quality) for quality in qualities])
    used = int(np.flatnonzero(shares.any(axis=0)).max()) + 1
    highest = next(top for top in HIGHEST if top >= shares.max())
    slot = (RIGHT - LEFT) / used
    ticks = tuple(Tick(LEFT + (i + 0.5) * slot, _stretch(i)) for i in range(used))
    bars = tuple(_bars(row[:used], n, len(shares), highest) for n, row in enumerate(shares))
    says = "Fraction of queries over the rank of their right answer"
    return Plot(says, ticks, _shares(highest), bars, 0.8 * slot / len(shares))


def _curve(quality: Quality) -> Series:
    ranks = quality.outcomes.ranks
    recalls = [(k, float(np.mean(ranks <= k))) for k in range(1, DEEPEST + 1)]
    points = " ".join(f"{_along(k):.1f},{_height(recall):.1f}" for k, recall in recalls)
    low, high = quality.estimate.low.named(), quality.estimate.high.named()
    said = {cell.name: f"{cell.value} ({cell.interval})" for cell in cells(quality.estimate)}
    marks = [
        Mark(_along(k), _height(recalls[k - 1][1]), _height(high[name]), _height(low[name]),
             f"{name} {said[name]}")
        for k, name in ((k, f"recall@{k}") for k in MARKED)
    ]  # fmt: skip
    return Series(tuple(marks), points)


def _stretches(quality: Quality) -> Floats:
    ranks = quality.outcomes.ranks
    counts = np.bincount(np.searchsorted(STRETCHES, ranks), minlength=len(STRETCHES) + 1)
    return counts / len(ranks)


def _bars(shares: Floats, n: int, of: int, highest: float) -> Series:
    slot = (RIGHT - LEFT) / len(shares)
    marks = []
    for i, share in enumerate(shares):
        x, y = LEFT + (i + 0.1 + 0.8 * n / of) * slot, _height(share / highest)
        marks.append(Mark(x, y, y, BOTTOM, f"rank {_stretch(i)}: {share:.1%}"))
    return Series(tuple(marks))


def _stretch(i: int) -> str:
    if i == len(STRETCHES):
        return f">{STRETCHES[-1]}"
    return f"≤{STRETCHES[i]}" if i else "1"


def _shares(highest: float) -> tuple[Tick, ...]:
    parts = (0, 0.25, 0.5, 0.75, 1)
    return tuple(Tick(_height(part), f"{100 * part * highest:g}%") for part in parts)


def _along(k: int) -> float:
    return LEFT + float(np.log(k) / np.log(DEEPEST)) * (RIGHT - LEFT)


def _height(part: float) -> float:
    return BOTTOM - part * (BOTTOM - TOP)
