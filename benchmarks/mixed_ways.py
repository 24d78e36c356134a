"""Ways to rank the items of several kinds as one list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.mixed_library import Part
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.media import Kind
from retrieval.search.background import SAMPLE, Background, Floats, draw_background


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """The items of one kind before their background."""

    part: Part
    background: Background


Fuse = Callable[[Vectors, Kind, Stand], Floats]
"""Gives the numbers that a kind's items are ranked by among all, for a query of a modality."""

ONCE_SAMPLED = 256
ONCE_GOOD = 2.5
"""Deviations: where the score was one half."""


def stand(part: Part, encoder: Encoder) -> Stand:
    """Give a part the background that the library would."""
    words, pictures = encoder.reference_texts(), encoder.reference_images()
    reference = pictures if part.kind is Kind.IMAGE else words
    return Stand(part, draw_background(reference, sample(part.vectors, SAMPLE), words, pictures))


def sample(vectors: Vectors, count: int) -> Vectors:
    """Choose some rows evenly."""
    rows = np.linspace(0, len(vectors) - 1, min(count, len(vectors)))
    return vectors[rows.astype(np.int64)]


def cosine(query: Vectors, _modality: Kind, of: Stand) -> Floats:
    """Rank all kinds by the raw cosine."""
    return (of.part.vectors @ query).astype(np.float64)


def in_turn(query: Vectors, _modality: Kind, of: Stand) -> Floats:
    """Rank by reciprocal rank within each kind (Cormack, Clarke and Büttcher, SIGIR 2009)."""
    ranks = np.argsort(np.argsort(-(of.part.vectors @ query)))
    return 1 / (60.0 + ranks)


def before(query: Vectors, _modality: Kind, of: Stand) -> Floats:
    """Rank as once: by the query's own median and deviation over references and library."""
    own = sample(of.background.own, ONCE_SAMPLED)
    chance = np.vstack([of.background.unrelated, own]).astype(np.float64) @ query
    middle = np.median(chance)
    spread = 1.4826 * np.median(np.abs(chance - middle))
    expected = np.sqrt((len(chance) * spread**2 + 8 * 0.1**2) / (len(chance) + 8))
    deviations: Floats = (of.part.vectors @ query - middle) / expected
    return deviations


def now(query: Vectors, modality: Kind, of: Stand) -> Floats:
    """Rank as the library does."""
    return of.background.deviations(query, of.part.vectors @ query, modality)


WAYS: dict[str, Fuse] = {"cosine": cosine, "in turn": in_turn, "before": before, "now": now}
