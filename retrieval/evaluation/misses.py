"""The captions whose own photos came furthest down: the quickest way to see what an encoder lacks.

One caption a photo, its worst, since else one odd photo would fill the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.captioned import Captioned, Captions
from retrieval.evaluation.ranking import Ints, Outcomes, Owned

WORST = 12
"""How many are kept."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A caption that did not find its photo first."""

    caption: str
    photo: str
    rank: int
    """Where its own photo came."""
    first: str
    """The photo that came first instead."""


def worst_misses(
    captioned: Captioned, field: Captions, captions: Owned, photos: Owned, outcomes: Outcomes
) -> tuple[Miss, ...]:
    """Give the worst misses, worst first, of the field's ranking from text to image."""
    worst = _worst(outcomes)
    cosines = captions.vectors[worst] @ photos.vectors.T
    cosines[captions.owners[worst][:, None] == photos.owners] = -np.inf
    firsts = photos.owners[cosines.argmax(axis=1)]
    return tuple(
        Miss(field.texts[j], captioned.photos[field.owners[j]], int(rank), captioned.photos[first])
        for j, rank, first in zip(worst, outcomes.ranks[worst], firsts, strict=True)
    )


def _worst(outcomes: Outcomes) -> Ints:
    order = np.argsort(-outcomes.ranks, kind="stable")
    order = order[outcomes.ranks[order] > 1]
    _, each = np.unique(outcomes.owners[order], return_index=True)
    return order[np.sort(each)][:WORST]
