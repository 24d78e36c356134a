"""What training the built-in encoder makes small, besides InfoNCE."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize, softplus

from retrieval.training.batches import Batch
from retrieval.training.losses import infonce
from training.objective import SCALE, contrast, nearest_miss, siblings

LOGITS = torch.tensor([[3.0, 1.0, 2.5], [0.0, 4.0, 4.5], [1.0, 1.0, 2.0]])
SAME = torch.tensor([[True, False, True], [False, True, False], [False, False, True]])
"""Text by photo: the first text is of two photos."""


def test_a_text_is_held_to_its_best_wrong_and_its_best_right_photo() -> None:
    expected = (softplus(torch.tensor([1.0 - 3.0, 4.5 - 4.0, 1.0 - 2.0]))).mean()
    assert nearest_miss(LOGITS, SAME).item() == pytest.approx(expected.item())


def test_its_weight_is_what_a_miss_costs() -> None:
    plain = infonce(LOGITS, SAME)
    assert contrast(0.0)(LOGITS, SAME) == plain
    assert contrast(2.0)(LOGITS, SAME) == plain + 2 * nearest_miss(LOGITS, SAME)


def batch(owners: list[int]) -> Batch:
    photos = np.arange(max(owners) + 1)
    return Batch(photos, np.arange(len(owners)), np.array(owners)[:, None] == photos)


def test_each_text_is_to_find_the_other_of_its_photo() -> None:
    texts = normalize(torch.eye(4) + 0.1, dim=1)
    apart, together = batch([0, 0, 1, 1]), texts[[0, 0, 1, 1]]
    unused = torch.empty(0)
    assert siblings(1.0)(apart, unused, together) < siblings(1.0)(apart, unused, texts)
    cosines = SCALE * texts @ texts.T
    others = [[j for j in range(4) if j != i] for i in range(4)]
    expected = [cosines[i, others[i]].logsumexp(0) - cosines[i, i ^ 1] for i in range(4)]
    found = siblings(0.5)(apart, unused, texts).item()
    assert found == pytest.approx(0.5 * torch.stack(expected).mean().item(), rel=1e-5)


def test_where_no_text_has_another_nothing_is_asked() -> None:
    texts = normalize(torch.eye(3) + 0.1, dim=1)
    assert siblings(1.0)(batch([0, 1, 2]), torch.empty(0), texts) == 0


def test_a_lone_text_is_neither_asked_nor_in_the_way() -> None:
    texts = normalize(torch.eye(5) + 0.1, dim=1)
    unused = torch.empty(0)
    alone = siblings(1.0)(batch([0, 0, 1, 1, 2]), unused, texts)
    assert torch.allclose(alone, siblings(1.0)(batch([0, 0, 1, 1]), unused, texts[:4]))
