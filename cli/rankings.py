"""What several encoders reached, regrouped so that they stand side by side, and its wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.evaluation.bootstrap import Estimate, Quality
from retrieval.evaluation.measure import DIRECTIONS, Across, Evaluation, Measured


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """One ranking, as every encoder gave it."""

    name: str
    qualities: tuple[Quality, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """The rankings of one field, or those from one field to another."""

    title: str
    size: str
    rankings: tuple[Ranking, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in words."""

    name: str
    value: str
    interval: str
    apart: bool
    """Whether the interval leaves out 0: of a difference, that it is no accident."""


def sections(measured: Sequence[Measured]) -> list[Section]:
    """Give a section for each field and, where there are several, one across them."""
    fields = [_field(runs) for runs in zip(*(run.evaluations for run in measured), strict=True)]
    pairs = tuple(_pair(runs) for runs in zip(*(run.across for run in measured), strict=True))
    return [*fields, Section("across fields", "text→text", pairs)] if pairs else fields


def cells(estimate: Estimate, *, signed: bool = False) -> list[Cell]:
    """Word an estimate's figures; ``signed`` for those of a difference."""
    low, high = estimate.low.named(), estimate.high.named()
    return [
        Cell(
            name,
            _word(name, value, signed),
            _span(name, low[name], high[name], signed),
            apart=low[name] > 0 or high[name] < 0,
        )
        for name, value in estimate.figures.named().items()
    ]


def _field(runs: Sequence[Evaluation]) -> Section:
    rankings = []
    for direction in DIRECTIONS:
        qualities = tuple(q for run in runs if (q := run.directions()[direction]))
        if qualities:
            rankings.append(Ranking(direction.replace("_to_", "→"), qualities))
    size = f"{runs[0].images:,} pictures, {runs[0].captions:,} captions"
    return Section(runs[0].key, size, tuple(rankings))


def _pair(runs: Sequence[Across]) -> Ranking:
    return Ranking(f"{runs[0].asking}→{runs[0].answering}", tuple(run.quality for run in runs))


def _span(name: str, low: float, high: float, signed: bool) -> str:
    between = " … " if signed else "–"
    return between.join(_word(name, value, signed) for value in (low, high))


def _word(name: str, value: float, signed: bool) -> str:
    word = f"{abs(value):.1f}".removesuffix(".0") if name == "median_rank" else f"{abs(value):.3f}"
    if not signed or not float(word):
        return word
    return f"{'+' if value > 0 else '−'}{word}"
