"""Vectors in any number, shaped like those a real dual encoder gives.

Pictures gather around the topics of real ones and spread as those spread; texts are real texts,
which lie apart from every picture (the modality gap), so that to ask with them is as hard as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoders.protocol import Vectors

PICTURES = "flickr8k1000_vitb32/clip_embeddings.npy"
TEXTS = ("lvis_v1_clip_a+cname.npy", "o365_clip_a+cnamefix.npy", "oid_clip_a+cname.npy")

TOPICAL = 0.6
"""The share of a picture's variance that is its topic's: nearest neighbours then lie as near, and
spread in as many directions, as those of the real ones."""

STRETCH = 50_000


@dataclass(frozen=True, eq=False)
class Shape:
    """What real vectors look like: pictures, [n, dim], and texts, [m, dim]."""

    pictures: Vectors
    texts: Vectors

    def draw_pictures(self, count: int, seed: int = 0) -> Iterator[Vectors]:
        """Draw vectors of new pictures, some thousands at a time."""
        rng = np.random.default_rng(seed)
        mean = self.pictures.mean(axis=0)
        apart = self.pictures - mean
        axes = np.linalg.cholesky(np.cov(apart.T) + 1e-8 * np.eye(apart.shape[1]))
        popular = 1 / np.arange(1, len(apart) + 1)
        for start in range(0, count, STRETCH):
            some = min(STRETCH, count - start)
            topics = apart[rng.choice(len(apart), some, p=popular / popular.sum())]
            noise = rng.standard_normal((some, apart.shape[1]), np.float32) @ axes.T
            rows = mean + TOPICAL**0.5 * topics + (1 - TOPICAL) ** 0.5 * noise
            yield unit(rows.astype(np.float32))

    def draw_texts(self, count: int, seed: int = 0) -> Vectors:
        """Draw real texts."""
        chosen = np.random.default_rng(seed).choice(len(self.texts), count, replace=False)
        return self.texts[chosen]


def read_shape(folder: Path) -> Shape:
    """Read recorded CLIP vectors of pictures and of names of things."""
    texts = [np.load(folder / "detic_text" / name).astype(np.float32) for name in TEXTS]
    pictures = np.load(folder / PICTURES).astype(np.float32)
    return Shape(unit(pictures), unit(np.vstack(texts)))


def unit(rows: Vectors) -> Vectors:
    """Scale rows to unit length."""
    scaled: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled
