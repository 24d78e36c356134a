"""What similarity means: how unrelated passages of each kind score for a query.

Cosines of different kinds do not compare: for a text query every text outranks every picture
(the modality gap), and one encoder's 0.3 is another's 0.8. What compares is how far a similarity
lies above those of unrelated passages of the same kind. A background is the encoder's reference
vectors and as many of the library's own, so that neither a small library nor one that is all of a
sort misleads; almost all of them are unrelated to any one query, so their median and spread say
what chance gives.

See "Closing the Modality Gap for Mixed Modality Search", arXiv 2507.19054, on centring by kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.media import Kind
from retrieval.vectors.store import VectorStore

SAMPLE = 512
"""Vectors of a kind that are enough to know its spread to a few percent."""

USUAL_SPREAD = 0.1
"""The spread of unrelated cosines that is assumed before any are seen."""

WEIGHT_OF_USUAL = 8
"""Vectors it takes to outweigh that assumption: a spread measured on three of them means little."""

MAD_TO_SIGMA = 1.4826
"""The ratio of the standard deviation to the median absolute deviation, for a normal law."""

EVEN_ODDS = 2.5
"""The deviations above chance at which the score is one half: of Flickr8k's dev captions four in
five lie further above it with their own photo, of words for other things one in two with any
photo of 600."""

STEEPNESS = 1.5
"""How fast the score rises there, per deviation."""


@dataclass(frozen=True, slots=True)
class Background:
    """Vectors of one kind, unrelated to the query."""

    vectors: Vectors

    @property
    def mean(self) -> Vectors:
        """The point from which differences within this kind are seen."""
        mean: Vectors = self.vectors.mean(axis=0)
        return mean

    def deviations(self, query: Vectors, similarities: Vectors) -> NDArray[np.float64]:
        """Say how many standard deviations above chance each similarity lies."""
        chance = (self.vectors @ query).astype(np.float64)
        middle = np.median(chance)
        spread = MAD_TO_SIGMA * np.median(np.abs(chance - middle))
        seen, usual = len(chance) * spread**2, WEIGHT_OF_USUAL * USUAL_SPREAD**2
        expected = np.sqrt((seen + usual) / (len(chance) + WEIGHT_OF_USUAL))
        deviations: NDArray[np.float64] = (similarities - middle) / expected
        return deviations


def score(deviations: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map deviations above chance to 0…1: one half at EVEN_ODDS, rising to one, for every kind."""
    scores: NDArray[np.float64] = 1 / (1 + np.exp(STEEPNESS * (EVEN_ODDS - deviations)))
    return scores


def take_background(kind: Kind, ids: Ids, vectors: VectorStore, encoder: Encoder) -> Background:
    """Take the reference vectors, and sample the library's own evenly for the rest."""
    pictures = kind in (Kind.IMAGE, Kind.VIDEO)
    reference = encoder.reference_images() if pictures else encoder.reference_texts()
    count = min(len(ids), SAMPLE - len(reference))
    chosen = ids[np.linspace(0, len(ids) - 1, count).astype(np.int64)]
    return Background(np.vstack([reference, vectors.vectors_of(chosen)]))
