"""What is measured of one encoder: each language by itself, and one language against another.

- text→image: every caption asks for its own photo among all photos that have captions in its field.
- image→text: every photo asks for any of its captions.
- text→text: every caption asks for its siblings, the other captions of its photo, among all
  captions of its field but itself; with several fields, also for those of its photo in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.evaluation.bootstrap import Quality, quality
from retrieval.evaluation.captioned import Captioned, Captions
from retrieval.evaluation.encoding import Encoded
from retrieval.evaluation.misses import Miss, worst_misses
from retrieval.evaluation.ranking import Outcomes, Owned, rank


@dataclass(frozen=True, slots=True)
class Model:
    """Which encoder was measured."""

    name: str
    revision: str
    dim: int
    fingerprint: str

    @classmethod
    def of(cls, encoder: Encoder) -> Model:
        """Note down what tells an encoder from others."""
        return cls(encoder.name, encoder.revision, encoder.dim, encoder.fingerprint)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """How well photos and the captions of one field find each other."""

    key: str
    images: int
    captions: int
    text_to_image: Quality
    image_to_text: Quality
    text_to_text: Quality | None
    """None where no photo has two captions."""
    misses: tuple[Miss, ...]

    def directions(self) -> dict[str, Quality | None]:
        """Give the rankings by name."""
        return {name: getattr(self, name) for name in DIRECTIONS}


DIRECTIONS = ("text_to_image", "image_to_text", "text_to_text")


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """How well the captions of one field find those of another."""

    asking: str
    answering: str
    quality: Quality


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """All that was measured of one encoder."""

    model: Model
    evaluations: tuple[Evaluation, ...]
    across: tuple[Across, ...]


def measure(model: Model, captioned: Captioned, encoded: Encoded) -> Measured:
    """Measure an encoder by the vectors it gave."""
    owned = {
        field.key: Owned(encoded.captions[field.key], np.array(field.owners, np.int64))
        for field in captioned.fields
    }
    evaluations = tuple(
        _evaluate(captioned, field, owned[field.key], encoded.photos) for field in captioned.fields
    )
    pairs = [(a, b, rank(owned[a], owned[b])) for a, b in permutations(owned, 2)]
    across = tuple(Across(a, b, quality(found)) for a, b, found in pairs if len(found.ranks))
    return Measured(model, evaluations, across)


def _evaluate(
    captioned: Captioned, field: Captions, captions: Owned, photos: Vectors
) -> Evaluation:
    shown = np.unique(captions.owners)
    pictures = Owned(photos[shown], shown)
    by_text = rank(captions, pictures)
    return Evaluation(
        field.key,
        len(shown),
        len(field.texts),
        text_to_image=quality(by_text),
        image_to_text=quality(rank(pictures, captions)),
        text_to_text=_if_any(rank(captions, captions, among_themselves=True)),
        misses=worst_misses(captioned, field, captions, pictures, by_text),
    )


def _if_any(outcomes: Outcomes) -> Quality | None:
    return quality(outcomes) if len(outcomes.ranks) else None
