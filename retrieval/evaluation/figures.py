"""The figures that sum up a ranking, named as papers name them."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from typing import Self

import numpy as np

from retrieval.evaluation.ranking import Floats, Outcomes


@dataclass(frozen=True, slots=True)
class Figures:
    """Fractions of queries answered within the first k, and how far down right answers lie."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    median_rank: float
    mrr: float
    """The mean of one over the rank of the first right answer."""
    ndcg_at_10: float
    """The mean normalised discounted cumulative gain: all right answers count."""

    @classmethod
    def of(cls, outcomes: Outcomes) -> Self:
        """Sum up."""
        return cls.from_parts(per_query(outcomes).mean(axis=0), np.median(outcomes.ranks))

    @classmethod
    def from_parts(cls, means: Floats, median: float | Floats) -> Self:
        """Put means, in the order of ``per_query``, and the median rank in their places."""
        return cls(*(float(value) for value in np.insert(means, MEDIAN, median)))

    def values(self) -> Floats:
        """Give the figures as one row."""
        return np.array(astuple(self))

    def named(self) -> dict[str, float]:
        """Give the figures under the names that the field uses: ``recall@1``."""
        return {name.replace("_at_", "@"): value for name, value in asdict(self).items()}


MEDIAN = list(Figures.__slots__).index("median_rank")


def per_query(outcomes: Outcomes) -> Floats:
    """Give for each query what all figures but the median rank are means of, [queries, 5]."""
    ranks = outcomes.ranks
    return np.stack([ranks <= 1, ranks <= 5, ranks <= 10, 1 / ranks, outcomes.gains], axis=1)
