"""How far figures could be off: bootstrap intervals (Efron, 1979) over photos.

Photos are drawn anew with replacement, each with all its queries: the captions of one photo are
no independent witnesses, and drawn one by one they would make intervals too narrow. The answers
that a query competes with stay as they are. The draws are the same for every ranking of the same
photos, so that the difference of two encoders is judged draw by draw, which is far sharper than
comparing two intervals by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.figures import MEDIAN, Figures, per_query
from retrieval.evaluation.ranking import Floats, Ints, Outcomes

DRAWS = 1000
SEED = 0
LEVEL = 0.95
WEIGHTS = 1 << 20
"""Queries of draws held at once, to bound memory."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Figures, and between which values they lie at the confidence ``LEVEL``."""

    figures: Figures
    low: Figures
    high: Figures


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """How good one ranking is."""

    outcomes: Outcomes
    draws: Floats
    """The figures of every draw, [DRAWS, figures]."""
    estimate: Estimate


def quality(outcomes: Outcomes) -> Quality:
    """Sum up a ranking of one query at least."""
    draws = _draws(outcomes)
    return Quality(outcomes, draws, _estimate(Figures.of(outcomes).values(), draws))


def difference(one: Quality, other: Quality) -> Estimate:
    """Judge by how much the other ranking's figures exceed one's, for the same queries."""
    figures = other.estimate.figures.values() - one.estimate.figures.values()
    return _estimate(figures, other.draws - one.draws)


def _estimate(figures: Floats, draws: Floats) -> Estimate:
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    # With few photos all draws can lie to one side of a figure; its interval holds it even so.
    low, high = np.minimum(low, figures), np.maximum(high, figures)
    return Estimate(*(Figures(*map(float, row)) for row in (figures, low, high)))


def _draws(outcomes: Outcomes) -> Floats:
    photos, photo = np.unique(outcomes.owners, return_inverse=True)
    chances = np.full(len(photos), 1 / len(photos))
    random = np.random.default_rng(SEED)
    rows, step = [], max(1, WEIGHTS // len(photo))
    for start in range(0, DRAWS, step):
        drawn = random.multinomial(len(photos), chances, min(step, DRAWS - start))
        means = _means(outcomes, photo, drawn)
        rows.append(np.insert(means, MEDIAN, _medians(outcomes.ranks, drawn[:, photo]), axis=1))
    return np.vstack(rows)


def _means(outcomes: Outcomes, photo: Ints, drawn: Ints) -> Floats:
    """Average what queries bring, [draws, 5], where photo i was drawn ``drawn[:, i]`` times."""
    totals = np.zeros((drawn.shape[1], 6))
    np.add.at(totals, photo, np.insert(per_query(outcomes), 0, 1, axis=1))
    sums = drawn @ totals
    means: Floats = sums[:, 1:] / sums[:, :1]
    return means


def _medians(ranks: Ints, weights: Ints) -> Floats:
    """Give the median rank of each draw, where query j was drawn ``weights[:, j]`` times."""
    order = np.argsort(ranks)
    upto = np.cumsum(weights[:, order], axis=1)
    middle = [(upto[:, -1:] - 1) // 2, upto[:, -1:] // 2]
    lower, upper = (ranks[order][(upto <= index).sum(axis=1)] for index in middle)
    medians: Floats = (lower + upper) / 2
    return medians
