"""Train on from the heads: the uppermost layers of both networks learn along, more slowly."""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.banks import TextBank
from training.e5 import read_e5
from training.evaluate import line, recalls
from training.features import CACHE
from training.heads import DIM, IMAGE_FEATURES, TEXT_FEATURES, Head
from training.lite import load_lite2
from training.photos import Photo, read_photos
from training.tops import ImageTop, TextTop
from training.train import Batches, Pair, contrast, follow, learn, rate

EVAL = 512


class States:
    """The hidden states of every text at the branch, by the row of its bank."""

    def __init__(self, bank: TextBank, folder: Path) -> None:
        self.parts = [np.load(folder / name / "branch.npy", mmap_mode="r") for name in bank.groups]
        ends = [np.load(folder / name / "ends.npy") for name in bank.groups]
        self.place = [
            (part, start, end)
            for part, stops in enumerate(ends)
            for start, end in zip(np.append(0, stops[:-1]), stops, strict=True)
        ]

    def __getitem__(self, row: int) -> Tensor:
        part, start, end = self.place[row]
        return torch.from_numpy(self.parts[part][start:end].astype(np.float32))


class Tuned(Pair):
    """Both heads with the tops below them."""

    def __init__(self, image_top: ImageTop, text_top: TextTop) -> None:
        super().__init__(Head(IMAGE_FEATURES), Head(TEXT_FEATURES))
        self.image_top, self.text_top = image_top, text_top

    def images(self, lower: Tensor, named: Tensor) -> Tensor:
        """Map lower maps and the classifier's naming to unit rows."""
        return self.image(torch.cat([self.image_top(lower), named], 1))

    def texts(self, states: list[Tensor]) -> Tensor:
        """Map token states to unit rows."""
        return self.text(self.text_top(states))


class Photos:
    """Lower maps of every photo, drawn in random windows, and the classifier's naming."""

    def __init__(self, seed: int) -> None:
        self.lower = np.load(CACHE / "lower_0.npy", mmap_mode="r")
        named = np.load(CACHE / "features_0.npy", mmap_mode="r")[0, :, -DIM:]
        self.named = torch.from_numpy(named.astype(np.float32))
        self.rng = np.random.default_rng(seed)

    def whole(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Give whole maps."""
        return torch.from_numpy(self.lower[rows].astype(np.float32)), self.named[rows]

    def window(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Give one random window of at least 7 x 7 places of all maps."""
        lower, named = self.whole(rows)
        height, width = self.rng.integers(7, 10, 2)
        top, left = self.rng.integers(0, 10 - height), self.rng.integers(0, 10 - width)
        return lower[:, :, top : top + height, left : left + width], named


@torch.inference_mode()
def report(model: Tuned, photos: list[Photo], bank: TextBank, states: States, seen: Photos) -> str:
    """Measure dev in each language, and the classes never trained on."""
    lines = []
    rows = np.array([i for i, photo in enumerate(photos) if photo.split == "dev"])
    images = encode_images(model, seen, rows)
    for key in ("en", "zh"):
        pairs = [(text, j) for j, i in enumerate(rows) for text in getattr(photos[i], key)]
        texts = encode_texts(model, states, bank.rows([text for text, _ in pairs]))
        owner = np.array([j for _, j in pairs])
        lines.append(line(key, recalls(images.numpy(), texts.numpy(), owner)))
    unseen = np.array([i for i, photo in enumerate(photos) if photo.split == "unseen"])
    names = sorted({photos[i].label for i in unseen})
    asked = encode_texts(model, states, bank.rows([f"a photo of a {name}" for name in names]))
    found = (encode_images(model, seen, unseen) @ asked.T).argmax(1).tolist()
    hits = np.mean([names[j] == photos[i].label for i, j in zip(unseen, found, strict=True)])
    return " | ".join([*lines, f"unseen {100 * hits:.1f} %"])


def encode_images(model: Tuned, seen: Photos, rows: NDArray[np.int64]) -> Tensor:
    """Encode whole photos, ``[n, 256]``."""
    parts = np.split(rows, range(EVAL, len(rows), EVAL))
    return torch.cat([model.images(*seen.whole(part)) for part in parts])


def encode_texts(model: Tuned, states: States, rows: list[int]) -> Tensor:
    """Encode texts, ``[n, 256]``."""
    parts = [rows[at : at + EVAL] for at in range(0, len(rows), EVAL)]
    return torch.cat([model.texts([states[row] for row in part]) for part in parts])


def tune(args: argparse.Namespace) -> None:
    """Run the epochs and write ``cache/tuned.pt``."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    photos, bank = read_photos(args.data), TextBank(CACHE / "texts")
    states, seen = States(bank, CACHE / "texts"), Photos(args.seed)
    batches = Batches(photos, bank, torch.empty(1, len(photos), 0), args.seed)
    stored = torch.load(CACHE / args.heads, map_location="cpu", weights_only=True)
    model = Tuned(ImageTop(load_lite2(args.image_weights)), TextTop(read_e5(args.text_weights)))
    model.load_state_dict(stored["pair"], strict=False)
    model.image.dropout = model.text.dropout = args.dropout
    average = copy.deepcopy(model).eval()
    model.train()
    peaks = {"image_top": args.image_rate, "text_top": args.text_rate}
    groups = [
        {"params": [p], "peak": peaks.get(name.split(".")[0], args.rate)}
        for name, p in model.named_parameters()
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=args.decay, betas=(0.9, 0.98))
    total = args.epochs * len(batches.epoch(args.batch))
    print("start", report(average, photos, bank, states, seen), flush=True)
    step, start = 0, time.monotonic()
    for epoch in range(args.epochs):
        losses = []
        for rows in batches.epoch(args.batch):
            drawn, same = batches.draw(rows)
            for group in optimiser.param_groups:
                group["lr"] = rate(step, total, group["peak"])
            texts = model.texts([states[row] for row in drawn])
            images = model.images(*seen.window(rows))
            loss = contrast(model.log_scale.exp().clamp(max=100) * texts @ images.T, same)
            learn(loss, model, optimiser)
            follow(average, model, min(args.keep, step / (step + 10)))
            losses.append(loss.item())
            step += 1
        told = f"epoch {epoch} loss {np.mean(losses):.3f} {time.monotonic() - start:.0f} s "
        print(told + report(average, photos, bank, states, seen), flush=True)
        torch.save({"pair": average.state_dict(), "names": stored["names"]}, CACHE / args.out)


def main() -> None:
    """Read the options; the defaults are those of the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--image-weights", type=Path, required=True)
    parser.add_argument("--text-weights", type=Path, required=True)
    parser.add_argument("--heads", default="heads.pt")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=384)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--image-rate", type=float, default=3e-4)
    parser.add_argument("--text-rate", type=float, default=1.5e-4)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--keep", type=float, default=0.97)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", default="tuned.pt")
    tune(parser.parse_args())


if __name__ == "__main__":
    main()
