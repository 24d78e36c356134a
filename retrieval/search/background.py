"""How near to a query the passages of one kind come when they have nothing to do with it.

Cosines of different kinds do not compare: for a text query every text outranks every picture
(the modality gap), and one encoder's 0.3 is another's 0.8. What compares is by how many standard
deviations a similarity exceeds that of unrelated passages of the same kind. Three choices, measured
in ``docs/ranking.md``:

- The unrelated passages are the encoder's reference vectors where it has any. In its own crowd no
  item of a library that is all of one sort could stand out.
- A library that lies nearer to a query than the references do, as a whole, does so by its manner
  for the most part: every picture of a single thing is nearer to every name of a thing. What all
  of it has, up to SAME deviations, counts for less than half.
- How far unrelated similarities spread is learnt once, with the references as queries. The crowd
  of a query that fits nothing is narrow, and by its own measure something would stand out of it.

See "Closing the Modality Gap for Mixed Modality Search", arXiv 2507.19054, on centring by kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Scope
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.media import Kind
from retrieval.vectors.store import VectorStore

Floats = NDArray[np.float64]

SAMPLE = 512
"""Vectors of the library's own that stand for all of a kind."""

WEIGHT_OF_RANDOM = 8
"""Vectors it takes to outweigh the spread of random directions, which is assumed before any are
seen: a spread measured on three of them means little."""


MANNER = 0.6
"""The share of what a whole library has above chance that says nothing about its items."""

SAME = 2.0
"""Deviations of a whole library from which on more of it must be matter: it is about the query."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """Usual standard deviations of unrelated similarities; None where there is nothing to tell."""

    of_words: float | None = None
    """For a query of words."""
    of_pictures: float | None = None
    """For a query that is a picture."""

    def of(self, modality: Kind | None) -> float | None:
        """Choose the one for a query of TEXT or IMAGE; a mix, None, has no usual one."""
        if modality is Kind.TEXT:
            return self.of_words
        return self.of_pictures if modality is Kind.IMAGE else None


@dataclass(frozen=True, slots=True)
class Scale:
    """What similarities to one query mean among one kind."""

    zero: float
    """The similarity that says nothing."""
    unit: float
    """How much more is one standard deviation."""

    def deviations(self, similarities: Vectors) -> Floats:
        """Say how many standard deviations above chance each similarity lies."""
        deviations: Floats = (similarities.astype(np.float64) - self.zero) / self.unit
        return deviations


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What one kind looks like to any query."""

    unrelated: Vectors
    """Passages that hardly any query is about."""
    own: Vectors
    """An even sample of the library's passages of this kind, [≤ SAMPLE, dim]."""
    usual: Spreads = Spreads()

    @property
    def mean(self) -> Vectors:
        """The point from which differences within this kind are seen."""
        if not len(self.unrelated):
            return np.zeros(self.unrelated.shape[1], np.float32)
        mean: Vectors = self.unrelated.mean(axis=0)
        return mean

    def deviations(
        self, query: Vectors, similarities: Vectors, modality: Kind | None = None
    ) -> Floats:
        """Say how many standard deviations above chance each similarity lies; see ``scale``."""
        return self.scale(query, modality).deviations(similarities)

    def scale(self, query: Vectors, modality: Kind | None = None) -> Scale:
        """Find what similarities to a query mean among this kind.

        ``modality`` is TEXT for a query of words, IMAGE for a picture, None for a mix of terms.
        """
        chance = (self.unrelated @ query).astype(np.float64)
        zero, unit = float(chance.mean()), self.usual.of(modality)
        unit = unit or float(_spread(chance, len(query)))
        if not len(self.own):
            return Scale(zero, unit)
        usual = (float(np.median(self.own @ query)) - zero) / unit
        return Scale(zero + MANNER * min(max(usual, 0.0), SAME) * unit, unit)


def take_background(
    kind: Kind,
    scope: Scope,
    vectors: VectorStore,
    encoder: Encoder,
    everyday: Callable[[], Vectors],
) -> Background:
    """Take the reference vectors, and sample the library's own evenly.

    ``everyday`` gives queries of words, for an encoder that has no reference texts.
    """
    words, pictures = encoder.reference_texts(), encoder.reference_images()
    reference = pictures if kind in (Kind.IMAGE, Kind.VIDEO) else words
    asked = words if len(words) else everyday()
    return draw_background(reference, vectors.sample(kind, scope, SAMPLE), asked, pictures)


def draw_background(
    reference: Vectors, own: Vectors, words: Vectors, pictures: Vectors
) -> Background:
    """Judge a kind by its reference vectors, or by its own where the encoder has none.

    ``words`` and ``pictures`` are queries that are about nothing in particular.
    """
    # Copies of one document would pass for a crowd that is all alike.
    unrelated = reference if len(reference) else np.unique(own, axis=0)
    return Background(
        unrelated, own, Spreads(_usual(words, unrelated), _usual(pictures, unrelated))
    )


def _usual(queries: Vectors, unrelated: Vectors) -> float | None:
    """Average what each query sees, itself left out."""
    if not len(queries) or len(unrelated) < 2:
        return None
    chance = (queries @ unrelated.T).astype(np.float64)
    if queries is unrelated:
        others = ~np.eye(len(queries), dtype=np.bool_)
        chance = chance[others].reshape(len(queries), -1)
    return float(_spread(chance, queries.shape[1]).mean())


def _spread(chance: Floats, dim: int) -> Floats:
    """Measure the standard deviation along the last axis, as far as there is enough to measure."""
    seen = chance.shape[-1]
    variance = (seen * chance.var(axis=-1) + WEIGHT_OF_RANDOM / dim) / (seen + WEIGHT_OF_RANDOM)
    spread: Floats = np.sqrt(variance)
    return spread
