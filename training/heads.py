"""What is trained: two heads that bring frozen features of pictures and words to one sight space.

Features come pooled over places or tokens, evenly and by their maximum. Each is brought to zero
mean and unit spread before it enters: on raw features, those of large scale drown the others.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.e5 import WIDTH
from training.lite import CHANNELS

DIM = 256
"""Numbers of the sight half."""
MEANING = DIM - 1
"""Numbers of the meaning half; the last one of a vector is told of in ``hubs.py``."""
HIDDEN = 768
TEXT_FEATURES = 2 * 4 * WIDTH  # of two readers
IMAGE_FEATURES = 2 * 2 * CHANNELS + MEANING  # of two networks, and the likely names


class Head(nn.Module):
    """A straight line plus a small network, on standardised features."""

    def __init__(self, inputs: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(inputs))
        self.register_buffer("spread", torch.ones(inputs))
        self.norm = nn.LayerNorm(inputs)
        self.straight = nn.Linear(inputs, DIM)
        self.widen, self.narrow = nn.Linear(inputs, HIDDEN), nn.Linear(HIDDEN, DIM)
        self.dropout = dropout

    def standardise_by(self, rows: Tensor) -> None:
        """Take the mean and spread of training features ``[n, inputs]``."""
        self.centre.copy_(rows.mean(0))
        self.spread.copy_(rows.std(0) + 1e-4)

    def forward(self, features: Tensor) -> Tensor:
        """Map ``[n, inputs]`` to unit rows ``[n, 256]``."""
        x = self.norm((features - self.centre) / self.spread)
        x = F.dropout(x, self.dropout, self.training)
        inner = F.dropout(F.gelu(self.widen(x)), self.dropout, self.training)
        return F.normalize(self.straight(x) + self.narrow(inner), dim=-1)


class Naming(nn.Module):
    """What ImageNet's classifier, unchanged, would call a picture."""

    def __init__(self, classifier: nn.Linear, names: Tensor) -> None:
        super().__init__()
        self.classifier = classifier
        self.register_buffer("names", names)

    def forward(self, places: Tensor) -> Tensor:
        """Map ``[n, 1280, h, w]`` to the likely names' meaning, ``[n, 255]``."""
        return self.likely(places) @ self.names

    def likely(self, places: Tensor) -> Tensor:
        """Map ``[n, 1280, h, w]`` to how likely each name is, ``[n, 1000]``."""
        return self.classifier(places.mean((2, 3))).softmax(-1)


def pool_places(places: Tensor) -> Tensor:
    """Map ``[n, 1280, h, w]`` to mean and maximum over places, ``[n, 2560]``."""
    return torch.cat([places.mean((2, 3)), places.amax((2, 3))], 1)
