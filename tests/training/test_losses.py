"""The losses against slow ones, and batches that know which text is of which photo."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from retrieval.training.batches import Batches
from retrieval.training.losses import LOSSES, drift, infonce, sigmoid

SAME = torch.tensor([[True, False, False], [True, False, False], [False, True, True]])
LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.7, 0.3], [-0.4, 1.2, 0.9]])


def pick(scores: list[float], right: list[bool]) -> float:
    """Give the loss of one choice among several, of which more than one may be right."""
    odds = [math.exp(score) for score in scores]
    return -math.log(sum(o for o, r in zip(odds, right, strict=True) if r) / sum(odds))


def test_infonce_agrees_with_choices_made_one_by_one() -> None:
    by_text = [pick(*row) for row in zip(LOGITS.tolist(), SAME.tolist(), strict=True)]
    by_photo = [pick(*row) for row in zip(LOGITS.T.tolist(), SAME.T.tolist(), strict=True)]
    expected = (np.mean(by_text) + np.mean(by_photo)) / 2
    assert infonce(LOGITS, SAME).item() == pytest.approx(expected, rel=1e-5)


def test_sigmoid_agrees_with_judgements_made_one_by_one() -> None:
    pairs = zip(LOGITS.flatten().tolist(), SAME.flatten().tolist(), strict=True)
    expected = sum(math.log(1 + math.exp(-x if right else x)) for x, right in pairs) / len(LOGITS)
    assert sigmoid(LOGITS, SAME).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_falls_when_right_pairs_come_nearer(name: str) -> None:
    loss = LOSSES[name]
    assert loss(LOGITS + 2 * SAME, SAME) < loss(LOGITS, SAME)


def test_nothing_drifts_where_all_turns_together() -> None:
    rows = torch.nn.functional.normalize(torch.randn(5, 4, generator=torch.Generator()), dim=1)
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(1)))
    assert drift(rows, rows @ turn).item() == pytest.approx(0, abs=1e-10)
    assert drift(rows, rows.flip(1).abs()).item() > 0.1


def test_an_epoch_has_every_pair_once_and_tells_all_that_belong_together() -> None:
    links = np.array([[0, 0], [0, 1], [1, 1], [1, 2], [2, 3], [3, 4], [4, 5]])
    known = {(photo, text) for photo, text in links.tolist()}
    batches = Batches(links, 3, seed=0)
    assert len(batches) == 2
    for batch in batches.epoch(1):
        expected = [[(p, t) in known for p in batch.photos] for t in batch.texts]
        assert batch.same.tolist() == expected
    seen = [(p, t) for b in batches.epoch(1) for p in b.photos for t in b.texts]
    assert known <= set(seen)


def test_the_order_follows_from_seed_and_epoch_alone() -> None:
    links = np.stack([np.arange(40), np.arange(40)], axis=1)

    def order(seed: int, number: int) -> list[list[int]]:
        return [batch.photos.tolist() for batch in Batches(links, 8, seed).epoch(number)]

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 2)
    assert order(0, 1) != order(1, 1)
