"""The last number of the built-in encoder's vectors: against pictures near to all texts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize

from training.hubs import LENGTH, NEAREST, TAKEN_OFF, Hubs, choose_bank
from training.photos import Photo
from training.sentences import SENTENCES


def rows(count: int, seed: int, towards: torch.Tensor | None = None) -> torch.Tensor:
    drawn = torch.randn(count, 16, generator=torch.Generator().manual_seed(seed))
    return normalize(drawn if towards is None else drawn + 2 * towards, dim=1)


def whole(texts: torch.Tensor) -> torch.Tensor:
    """Bring texts to the form in which the text tower gives them."""
    last = torch.full((len(texts), 1), LENGTH)
    return torch.cat([math.sqrt(1 - LENGTH**2) * texts, last], 1)


def test_a_dot_product_takes_off_what_a_picture_is_nearer_than_usual() -> None:
    bank, pictures, texts = rows(100, 0), rows(20, 1), rows(7, 2)
    hubs = Hubs(bank, rows(50, 3))
    found = hubs(pictures)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(20))
    nearness = (pictures @ bank.T).sort(1).values[:, -NEAREST:].mean(1)
    wanted = texts @ pictures.T - TAKEN_OFF * (nearness - hubs.usual)
    shrunk = found[:, :-1].norm(dim=1) * math.sqrt(1 - LENGTH**2)
    torch.testing.assert_close(whole(texts) @ found.T, wanted * shrunk)


def test_a_hub_no_longer_pushes_in_front_of_the_right_picture() -> None:
    centre = rows(1, 4)
    bank, texts = rows(200, 5, centre), rows(40, 6, centre)
    right = normalize(texts + 1.5 * rows(40, 7), dim=1)
    pictures = torch.cat([right, centre])
    hubs = Hubs(bank, rows(64, 8, 0.5 * centre))
    plain, mended = texts @ pictures.T, whole(texts) @ hubs(pictures).T
    first, now = plain.argmax(1), mended.argmax(1)
    assert (first == 40).sum() >= 8
    assert not (now == 40).any()
    assert (first == torch.arange(40)).sum() + 4 <= (now == torch.arange(40)).sum()


def test_pictures_all_but_keep_their_order_among_each_other() -> None:
    hubs, pictures = Hubs(rows(300, 0), rows(50, 3)), rows(200, 1)
    mended = hubs(pictures)
    before, after = pictures @ pictures.T, mended @ mended.T
    kept = [
        len(set(one.tolist()) & set(other.tolist()))
        for one, other in zip(before.topk(11).indices, after.topk(11).indices, strict=True)
    ]
    assert sum(kept) > 0.9 * 11 * 200


def test_the_bank_has_both_languages_every_label_and_no_photo_held_out() -> None:
    photos = [Photo(Path(f"{i}.jpg"), "dev" if i % 2 else "train", (f"text {i}",), (f"图 {i}",))
              for i in range(20)]  # fmt: skip
    photos += [Photo(Path(f"{label}.jpg"), split, (label,), label=label)
               for label, split in (("cat", "train"), ("gong", "unseen"))]  # fmt: skip
    chosen = choose_bank(photos, np.random.default_rng(0))
    own = {f"{word} {i}" for i in range(0, 20, 2) for word in ("text", "图")}
    assert set(chosen) == own | {"a photo of a cat", *SENTENCES}
