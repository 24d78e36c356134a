"""How good an encoder is on the photos held out, epoch by epoch, and which epoch was the best.

Training on pictures can ruin how texts find each other, for which documents and transcripts are
searched. So an epoch that costs more than a little of it is never the best, however good its
pictures are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import TypeAdapter

from retrieval.encoders.protocol import Vectors
from retrieval.evaluation.figures import Figures
from retrieval.evaluation.ranking import Ints, Outcomes, Owned, rank

TEXTS_KEPT = 0.97
"""The share of the base's text→text recall that must remain."""


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the learning curve; epoch 0 is the base itself."""

    epoch: int
    loss: float | None
    """The mean over the epoch's steps; epoch 0 has none."""
    text_to_image: Figures
    image_to_text: Figures
    text_to_text: Figures | None
    """None where no photo has two captions."""

    def directions(self) -> dict[str, Figures]:
        """Give the rankings by name."""
        named = {"text→image": self.text_to_image, "image→text": self.image_to_text}
        return named | ({"text→text": self.text_to_text} if self.text_to_text else {})

    @property
    def recall(self) -> float:
        """What training tries to raise: recall@1, 5 and 10, averaged over both directions."""
        return (_mean(self.text_to_image) + _mean(self.image_to_text)) / 2

    @property
    def among_texts(self) -> float:
        """The same average for captions that ask for their siblings; 1 where there are none."""
        return 1.0 if self.text_to_text is None else _mean(self.text_to_text)


Curve = tuple[Row, ...]
CURVE = TypeAdapter(Curve)
"""Writes and reads a curve as JSON."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """The photos and texts that are measured on."""

    photos: Ints
    """Rows among all photos, [shown]."""
    texts: Ints
    """Rows among all texts, one for each link, [captions]."""
    owners: Ints
    """The row of each caption's photo, [captions]."""

    @classmethod
    def of(cls, links: Ints) -> Self:
        """Take the links of the photos that are held out."""
        return cls(np.unique(links[:, 0]), links[:, 1], links[:, 0])

    def measure(self, epoch: int, loss: float | None, photos: Vectors, texts: Vectors) -> Row:
        """Measure the vectors of these photos and texts, as ``triptych evaluate`` does."""
        pictures, captions = Owned(photos, self.photos), Owned(texts, self.owners)
        return Row(
            epoch,
            loss,
            Figures.of(rank(captions, pictures)),
            Figures.of(rank(pictures, captions)),
            _if_any(rank(captions, captions, among_themselves=True)),
        )


def best(curve: Sequence[Row]) -> Row:
    """Choose the epoch of highest recall whose texts still find each other; the first of equals."""
    least = TEXTS_KEPT * curve[0].among_texts
    kept = [row for row in curve if row.among_texts >= least]
    # Rounded, so that equals are equal whatever order their recalls were summed in.
    return max(kept, key=lambda row: round(row.recall, 9))


def percent(figures: Figures) -> str:
    """Word recall@1/5/10."""
    recalls = (figures.recall_at_1, figures.recall_at_5, figures.recall_at_10)
    return "/".join(f"{100 * recall:.1f}" for recall in recalls)


def listed(row: Row) -> str:
    """Word recall@1/5/10 of each ranking."""
    return ", ".join(f"{way} {percent(figures)} %" for way, figures in row.directions().items())


def _mean(figures: Figures) -> float:
    return (figures.recall_at_1 + figures.recall_at_5 + figures.recall_at_10) / 3


def _if_any(outcomes: Outcomes) -> Figures | None:
    return Figures.of(outcomes) if len(outcomes.ranks) else None
