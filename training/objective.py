"""What training the built-in encoder makes small, besides InfoNCE."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from retrieval.training.batches import Batch
from retrieval.training.losses import Loss, infonce
from retrieval.training.trainer import Penalty

SCALE = 20.0
"""Of cosines between texts, which have no learned one."""


def contrast(hardest: float) -> Loss:
    """Add to InfoNCE, with a weight, what each text's best wrong photo costs."""
    return lambda logits, same: infonce(logits, same) + hardest * nearest_miss(logits, same)


def nearest_miss(logits: Tensor, same: Tensor) -> Tensor:
    """Hold each text's best wrong photo against its best right one (VSE++: Faghri et al. 2018)."""
    lowest = torch.finfo(logits.dtype).min
    wrong, right = logits.masked_fill(same, lowest), logits.masked_fill(~same, lowest)
    return F.softplus(wrong.amax(1) - right.amax(1)).mean()


def siblings(weight: float) -> Penalty:
    """Let each text find its photo's others, mostly in the other language.

    All texts that have others are in the choice. Photos of one class share theirs.
    """

    def penalty(batch: Batch, photos: Tensor, texts: Tensor) -> Tensor:
        own = torch.from_numpy(batch.same).to(texts)
        itself = torch.eye(len(texts), dtype=torch.bool, device=texts.device)
        kin = (own @ own.T > 0) & ~itself
        asked = kin.any(1)  # a lone text is not asked for what is not there
        if not asked.any():
            return texts.new_zeros(())
        logits = SCALE * texts[asked] @ texts[asked].T
        alone = logits.masked_fill(itself[asked][:, asked], torch.finfo(logits.dtype).min)
        return weight * infonce(alone, kin[asked][:, asked])

    return penalty
