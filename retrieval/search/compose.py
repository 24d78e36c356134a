"""Turns the terms of a query into one vector.

One term is its own vector. Several are each seen from the mean of their modality, so that the gap
between words and pictures does not swamp what they mean, then weighted, summed and renormalised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery
from retrieval.media import Kind

FAINT = 1e-6
"""A sum shorter than this has no direction."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where one term points, before centring."""

    vector: Vectors
    modality: Kind
    weight: float


def compose(headings: Sequence[Heading], mean: Callable[[Kind], Vectors]) -> Vectors:
    """Combine the terms into one unit vector; ``mean`` gives the centre of a modality."""
    if not headings:
        raise InvalidQuery("A query needs a text, a picture, a recording or an item to look for.")
    if len(headings) == 1 and headings[0].weight > 0:
        return headings[0].vector
    centred = [h.weight * unit(h.vector - mean(h.modality)) for h in headings]
    return unit(np.sum(centred, axis=0, dtype=np.float32))


def unit(vector: Vectors) -> Vectors:
    """Scale a vector to unit length, or raise InvalidQuery where it has no direction."""
    length = float(np.linalg.norm(vector))
    if length < FAINT:
        raise InvalidQuery("The terms of the query cancel out: change their weights.")
    scaled: Vectors = (vector / length).astype(np.float32)
    return scaled
