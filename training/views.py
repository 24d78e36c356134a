"""Photos and texts by the row: whole where they are measured, drawn at random where trained on.

What is drawn follows from torch's seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from retrieval.evaluation.ranking import Ints
from training.e5 import WIDTH
from training.lite import PLACES

HIDDEN_SHARE = 0.1
"""English texts that are shown to e5 alone, since at times it must do alone."""

View = Sequence[NDArray[Any]]
"""What is known of every photo seen one way: arrays with a row for each."""


class Views(nn.Module):
    """Photos that can be seen in several ways: in the first, or in training in any."""

    def __init__(self, views: Sequence[View]) -> None:
        super().__init__()
        self._parts = tuple(zip(*views, strict=True))
        self._count = len(views)

    def forward(self, rows: Ints) -> list[Tensor]:
        """Give the rows of each of a view's arrays, for each photo of a view of its own."""
        drawn = torch.randint(self._count if self.training else 1, (len(rows),)).numpy()
        return [_pick(part, drawn, rows) for part in self._parts]


def _pick(part: Sequence[NDArray[Any]], drawn: Ints, rows: Ints) -> Tensor:
    found = np.empty((len(rows), *part[0].shape[1:]), np.float32)
    for view in np.unique(drawn):
        found[drawn == view] = part[view][rows[drawn == view]]
    return torch.from_numpy(found)


class Features(nn.Module):
    """Features that stay as they are, of photos and of texts."""

    def __init__(self, views: Views, texts: Tensor) -> None:
        super().__init__()
        self._views, self._texts = views, texts

    def photos(self, rows: Ints) -> Tensor:
        """Give photos, ``[n, 5375]``."""
        return torch.cat(self._views(rows), 1)

    def texts(self, rows: Ints) -> Tensor:
        """Give texts, ``[n, 3072]``; the English reader's half of some is hidden in training."""
        found = self._texts[rows]
        if self.training:
            found[hidden(len(rows)), 4 * WIDTH :] = 0
        return found


def hidden(count: int) -> Tensor:
    """Choose the texts that the English reader is not to see, ``[count]``."""
    return torch.rand(count) < HIDDEN_SHARE


def window(maps: Sequence[Tensor]) -> list[Tensor]:
    """Cut one random window of at least 7 x 7 places out of all maps."""
    height, width = torch.randint(PLACES - 2, PLACES + 1, (2,)).tolist()
    top, left = (int(torch.randint(PLACES + 1 - side, ())) for side in (height, width))
    return [part[:, :, top : top + height, left : left + width] for part in maps]
