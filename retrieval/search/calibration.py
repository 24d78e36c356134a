"""What a score means, and which hits are good enough.

A score is the share of the hits at least this good that chance does not account for: one less the
false discovery rate of Benjamini and Hochberg (1995). If 2,000 passages compete, chance alone
brings one or two to three deviations above it. A single hit up there may well be one of those, and
scores little; of thirty hits up there nearly all are real, and score high. So one line serves
every library: a hit is good from a score of one half on, where it is more likely real than not.

Scores never rise down a ranking, whatever kinds it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from retrieval.encoders.protocol import Vectors
from retrieval.media import Kind
from retrieval.search.background import Background, Floats

BYSTANDERS = 8
"""Competitors that every library is taken to have beside its own passages: among a handful, what
is a shade nearer than chance is not good yet."""

HEAD = 64
"""Hits that are counted one by one; below them the sample tells how many there are. A ranking must
be known to this depth at least, for a hit to have one score whatever page it is on."""

_GRID = np.linspace(-10, 37, 4701)
_LOGS = np.array([math.log(math.erfc(deviation / math.sqrt(2)) / 2) for deviation in _GRID])
"""The logarithm of the normal distribution's tail, so smooth that between two of these points a
line is within a few hundred-thousandths of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The passages that compete for a query's answer, as a sample sees them."""

    competing: int
    """How many they are, of all kinds, and the bystanders."""
    levels: Floats
    """The deviations of those in the sample, best first."""
    reaching: Floats
    """How many passages each level stands for, with all above it."""

    def by_chance(self, deviations: Floats) -> Floats:
        """Count the passages that would come this far above chance if all were unrelated."""
        expected: Floats = self.competing * np.exp(np.interp(deviations, _GRID, _LOGS))
        return expected


def gather(query: Vectors, modality: Kind | None, kinds: Iterable[tuple[Background, int]]) -> Crowd:
    """Gather the crowd of a query: each kind's background and how many of it pass the filters."""
    levels, weights, competing = [np.empty(0)], [np.empty(0)], BYSTANDERS
    for background, count in kinds:
        competing += count
        if sampled := len(background.own):
            similarities = background.own @ query
            levels.append(background.deviations(query, similarities, modality))
            weights.append(np.full(sampled, count / sampled))
    level = np.concatenate(levels)
    order = np.argsort(-level)
    return Crowd(competing, level[order], np.cumsum(np.concatenate(weights)[order]))


def score(deviations: Floats, crowd: Crowd) -> Floats:
    """Give the scores, 0…1, of a whole ranking's deviations, best first from its first hit on."""
    head = deviations[:HEAD]
    levels = np.concatenate([head, crowd.levels])
    reaching = np.concatenate([np.arange(1, len(head) + 1), np.maximum(crowd.reaching, 1)])
    order = np.argsort(levels)
    # The rate of the best line that lets a hit in: any at its own level or lower.
    false = np.minimum.accumulate(np.append(1, crowd.by_chance(levels[order]) / reaching[order]))
    rates = false[np.searchsorted(levels[order], deviations, side="right")]
    scores: Floats = 1 - np.minimum(rates, crowd.by_chance(deviations))
    return scores
