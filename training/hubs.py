"""The one number of a vector that makes up for hubs, pictures that are near to every text.

In many dimensions a few points are among the nearest of very many others (Radovanović et al., JMLR
2010), and such pictures push in before the right one. How near the nearest texts of a bank are to
a picture tells how much of a hub it is, and taking a part of that off its scores brings the others
up (cross-domain similarity local scaling: Conneau et al., ICLR 2018). A text's last number is the
same for all, and a picture's what is to be taken off, so that a plain dot product does it. Texts
keep their order among each other and for any one picture; pictures among each other all but keep
theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.photos import Photo
from training.sentences import SENTENCES

LENGTH = 0.25
"""Of the last number of every text, whose whole vector has length one."""
NEAREST = 30
"""Texts by which a picture is judged."""
TAKEN_OFF = 0.75
"""How much of their mean similarity, beyond the usual, is taken off a picture's scores."""
CAPTIONS = 1500
"""Captions of each language in the bank."""


class Hubs(nn.Module):
    """Adds the last number to pictures: ``texts`` is a bank of unit rows, ``[m, d]``."""

    def __init__(self, texts: Tensor, pictures: Tensor) -> None:
        """Take what is usual from some pictures, unit rows ``[n, d]``."""
        super().__init__()
        self.register_buffer("texts", texts.T.contiguous())
        self.register_buffer("usual", self._nearness(pictures).mean())

    def forward(self, pictures: Tensor) -> Tensor:
        """Map unit rows ``[n, d]`` to unit rows ``[n, d + 1]``."""
        excess = TAKEN_OFF * (self._nearness(pictures) - self.usual)
        last = -excess * math.sqrt(1 - LENGTH**2) / LENGTH
        return F.normalize(torch.cat([pictures, last[:, None]], 1), dim=-1)

    def _nearness(self, pictures: Tensor) -> Tensor:
        return (pictures @ self.texts).topk(NEAREST).values.mean(1)


def choose_bank(photos: Sequence[Photo], rng: np.random.Generator) -> list[str]:
    """Draw training captions in both languages, and add every label and our sentences."""
    captioned = [photo for photo in photos if photo.split == "train" and photo.zh]
    labels = sorted({photo.label for photo in photos if photo.split == "train" and photo.label})
    drawn = [*_draw([p.en for p in captioned], rng), *_draw([p.zh for p in captioned], rng)]
    return [*drawn, *(f"a photo of a {label}" for label in labels), *SENTENCES]


def _draw(said: Sequence[Sequence[str]], rng: np.random.Generator) -> Iterator[str]:
    for row in rng.choice(len(said), min(CAPTIONS, len(said)), replace=False):
        yield said[row][rng.integers(len(said[row]))]
