"""What is trained: a small network for pictures and one for words, on top of a base encoder.

A head adds to a unit vector what its network makes of it. The network starts at zero, so that
training starts from the base encoder itself. ``retrieval.encoders.adapted`` computes the same
without torch.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from retrieval.evaluation.ranking import Ints

HIDDEN = 256
"""The width of a head's network."""
LARGEST_SCALE = 100.0
"""Beyond this the loss looks at nothing but the hardest pair."""


class Base(Protocol):
    """What the heads stand on, a row of numbers for each photo and text."""

    def photos(self, rows: Ints) -> Tensor:
        """Give the rows of some photos."""

    def texts(self, rows: Ints) -> Tensor:
        """Give the rows of some texts."""


class Frozen(nn.Module):
    """A base whose vectors are known and stay as they are."""

    def __init__(self, photos: Tensor, texts: Tensor) -> None:
        super().__init__()
        self._photos, self._texts = photos, texts

    def photos(self, rows: Ints) -> Tensor:
        """Look up the vectors of some photos."""
        return self._photos[rows]

    def texts(self, rows: Ints) -> Tensor:
        """Look up the vectors of some texts."""
        return self._texts[rows]


class Head(nn.Module):
    """Adds to unit vectors what a small network makes of them; at first, nothing."""

    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.widen, self.narrow = nn.Linear(dim, HIDDEN), nn.Linear(HIDDEN, dim)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)
        self._spread, self._dropout = math.sqrt(dim), dropout

    def forward(self, vectors: Tensor) -> Tensor:
        """Map unit rows ``[n, dim]`` to unit rows."""
        # A unit vector's components are as small as one over this root: widened for the network,
        # narrowed again for the vector.
        inner = F.relu(self.widen(self._drop(vectors * self._spread)))
        return F.normalize(vectors + self.narrow(self._drop(inner)) / self._spread, dim=-1)

    def _drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, self._dropout, self.training)


class Adapter(nn.Module):
    """A base with a head for photos and one for texts, and what turns cosines into logits.

    The heads map the base's rows to vectors of unit length.
    """

    def __init__(self, base: Base, image: nn.Module, text: nn.Module) -> None:
        super().__init__()
        self.base, self.image, self.text = base, image, text
        self.log_scale = nn.Parameter(torch.tensor(0.0))
        self.shift = nn.Parameter(torch.tensor(0.0))

    def photos(self, rows: Ints) -> Tensor:
        """Encode some photos, ``[n, dim]``."""
        vectors: Tensor = self.image(self.base.photos(rows))
        return vectors

    def texts(self, rows: Ints) -> Tensor:
        """Encode some texts, ``[n, dim]``."""
        vectors: Tensor = self.text(self.base.texts(rows))
        return vectors

    def logits(self, cosines: Tensor) -> Tensor:
        """Turn cosines into what the losses take."""
        return cosines * self.log_scale.exp().clamp(max=LARGEST_SCALE) + self.shift
