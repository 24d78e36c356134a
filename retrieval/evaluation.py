"""How well an encoder finds a picture by its caption, and a caption by its picture.

Text→image: every caption is a query and its own picture the one right answer. Image→text: every
picture is a query, answered rightly by any of its captions. A tie counts against the right answer,
so an encoder that gives all things one vector scores nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.protocol import Vectors

Ranks = NDArray[np.int64]
"""The place of the right answer for each query, from 1."""

CHUNK = 1024
"""Queries compared at once, to bound memory."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Fractions of queries answered within the first k, and where right answers lie."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    median_rank: float
    mrr: float
    """The mean of one over the rank."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Both directions over one set of captioned pictures."""

    text_to_image: Quality
    image_to_text: Quality
    images: int
    captions: int


def evaluate(images: Vectors, captions: Vectors, owners: Sequence[int]) -> Evaluation:
    """Measure pictures [n, dim] against captions [m, dim], caption j being of picture owners[j]."""
    owner = np.asarray(owners, np.int64)
    return Evaluation(
        text_to_image=quality(rank_images(images, captions, owner)),
        image_to_text=quality(rank_captions(images, captions, owner)),
        images=len(images),
        captions=len(captions),
    )


def quality(ranks: Ranks) -> Quality:
    """Summarise ranks."""
    return Quality(
        recall_at_1=float(np.mean(ranks <= 1)),
        recall_at_5=float(np.mean(ranks <= 5)),
        recall_at_10=float(np.mean(ranks <= 10)),
        median_rank=float(np.median(ranks)),
        mrr=float(np.mean(1 / ranks)),
    )


def rank_images(images: Vectors, captions: Vectors, owner: NDArray[np.int64]) -> Ranks:
    """Rank every caption's own picture among all pictures."""
    ranks = np.empty(len(captions), np.int64)
    for start in range(0, len(captions), CHUNK):
        part = slice(start, start + CHUNK)
        scores = captions[part] @ images.T
        own = np.take_along_axis(scores, owner[part, None], axis=1)
        ranks[part] = (scores >= own).sum(axis=1)
    return ranks


def rank_captions(images: Vectors, captions: Vectors, owner: NDArray[np.int64]) -> Ranks:
    """Rank every picture's best caption among all captions of other pictures."""
    ranks = np.empty(len(images), np.int64)
    for start in range(0, len(images), CHUNK):
        scores = images[start : start + CHUNK] @ captions.T
        mine = owner[None, :] == np.arange(start, start + len(scores))[:, None]
        best = np.where(mine, scores, -np.inf).max(axis=1, keepdims=True)
        ranks[start : start + CHUNK] = 1 + ((scores >= best) & ~mine).sum(axis=1)
    return ranks
