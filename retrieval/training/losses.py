"""What training makes small.

Both contrastive losses take ``[texts, photos]`` logits and, of the same shape, which text is of
which photo. A photo may have several texts of a batch and a text several photos: two photos of one
product with one caption are no mistakes of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, finfo

Loss = Callable[[Tensor, Tensor], Tensor]


def infonce(logits: Tensor, same: Tensor) -> Tensor:
    """Let each text pick a photo of its own among all, and each photo a text.

    InfoNCE both ways (Oord et al. 2018; Radford et al. 2021), with every right answer in the
    numerator.
    """
    right = logits.masked_fill(~same, finfo(logits.dtype).min)
    pick_photo = logits.logsumexp(1) - right.logsumexp(1)
    pick_text = logits.logsumexp(0) - right.logsumexp(0)
    return (pick_photo.mean() + pick_text.mean()) / 2


def sigmoid(logits: Tensor, same: Tensor) -> Tensor:
    """Judge each pair by itself as right or wrong (SigLIP: Zhai et al. 2023)."""
    signs = same.to(logits.dtype) * 2 - 1
    return -F.logsigmoid(signs * logits).sum() / len(logits)


LOSSES: Mapping[str, Loss] = {"infonce": infonce, "sigmoid": sigmoid}


def drift(before: Tensor, after: Tensor) -> Tensor:
    """Sum up how far a row's cosines with the others have moved, squared: the mean over rows.

    To keep cosines keeps what is like what (relational distillation: Park et al. 2019).
    """
    return (after @ after.T - before @ before.T).square().sum() / len(before)
