"""The vectors that a run starts from: they set its scale, and hold it back from changing all."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from retrieval.training.batches import Batch
from retrieval.training.heads import Adapter, Base
from retrieval.training.losses import LOSSES, drift

SCALE = 10.0
SHIFTS: Mapping[str, float] = {"infonce": 0.0, "sigmoid": -10.0}
"""Where the search for a fitting scale, and for sigmoid a shift, begins."""
CALIBRATED = 200
"""Steps of that search."""


class Origin:
    """What the base makes of photos and texts, which training does not change."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def calibrate(self, adapter: Adapter, batch: Batch, loss: str) -> None:
        """Set scale and shift to what suits the base, so that heads learn from the first step."""
        device = adapter.shift.device
        cosines = self._base.texts(batch.texts) @ self._base.photos(batch.photos).T
        cosines, same = cosines.to(device), torch.from_numpy(batch.same).to(device)
        with torch.no_grad():
            adapter.log_scale.fill_(math.log(SCALE))
            adapter.shift.fill_(SHIFTS[loss])
        optimiser = torch.optim.Adam([adapter.log_scale, adapter.shift], lr=0.05)
        for _ in range(CALIBRATED):
            optimiser.zero_grad()
            torch.autograd.backward(LOSSES[loss](adapter.logits(cosines), same))
            optimiser.step()

    def drift(self, batch: Batch, photos: Tensor, texts: Tensor) -> Tensor:
        """Sum up how far photos have moved among each other, and texts among each other."""
        before = self._base.photos(batch.photos), self._base.texts(batch.texts)
        return drift(before[0].to(photos.device), photos) + drift(before[1].to(texts.device), texts)
