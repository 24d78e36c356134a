"""Train on from the heads: the uppermost layers of all networks learn along, more slowly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from retrieval.evaluation.ranking import Ints
from retrieval.training.checkpoint import State
from retrieval.training.heads import Adapter
from retrieval.training.trainer import Trainer
from training.banks import END_MARKS, TextBank, floats, likely_names, maps
from training.batches import Batches
from training.config import read_config
from training.dev import Dev
from training.e5 import Weights
from training.features import CACHE
from training.heads import IMAGE_FEATURES, TEXT_FEATURES, Head
from training.lite import NETWORKS, Lite, load_networks
from training.photos import read_photos
from training.stage import HEADS, TUNED, course, digest, options, read_trained, train, write_trained
from training.texts import read_weights
from training.tops import ImageTops, TextTops
from training.views import Views, hidden, window


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
        return floats(self.parts[part][start:end])


class Captions:
    """What both readers' tops are given of every text."""

    def __init__(self, bank: TextBank) -> None:
        self.e5, self.english = States(bank, "e5"), States(bank, "english")

    def load(self, rows: Ints, hide: Tensor) -> tuple[list[Tensor], list[Tensor | None]]:
        """Give token states; None for a text that the English reader does not see."""
        heard = [self.english[row] for row in rows]
        return [self.e5[row] for row in rows], [
            None if len(states) == END_MARKS or away else states
            for states, away in zip(heard, hide.tolist(), strict=True)
        ]


class Tuned(nn.Module):
    """Both heads with the tops below them."""

    def __init__(self, image_tops: ImageTops, text_tops: TextTops, dropout: float = 0.0) -> None:
        super().__init__()
        self.image, self.text = Head(IMAGE_FEATURES, dropout), Head(TEXT_FEATURES, dropout)
        self.image_tops, self.text_tops = image_tops, text_tops

    def images(self, lowers: Sequence[Tensor], named: Tensor) -> Tensor:
        """Map lower maps and the classifier's naming to unit rows."""
        return self.image(self.image_tops(lowers, named))


class Uppermost(nn.Module):
    """Features of photos and texts by the tops, which in training see a part of every photo."""

    def __init__(self, tuned: Tuned, views: Views, captions: Captions) -> None:
        super().__init__()
        self.image_tops, self.text_tops = tuned.image_tops, tuned.text_tops
        self._views, self._captions = views, captions

    def photos(self, rows: Ints) -> Tensor:
        """Compute photos, ``[n, 5375]``."""
        *lowers, named = self._views(rows)
        return self.image_tops(window(lowers) if self.training else lowers, named)

    def texts(self, rows: Ints) -> Tensor:
        """Compute texts, ``[n, 3072]``; some are hidden from the English reader in training."""
        hide = hidden(len(rows)) if self.training else torch.zeros(len(rows), dtype=torch.bool)
        return self.text_tops(*self._captions.load(rows, hide))


def load_tuned(
    file: Path, networks: dict[str, Lite], readers: dict[str, Weights]
) -> tuple[Tuned, Tensor]:
    """Read what this stage wrote: the model, and the meaning of ImageNet's names."""
    weights, names = read_trained(file)
    model = Tuned(ImageTops(networks), TextTops(readers))
    model.load_state_dict(weights)
    return model.eval(), names


def begin(tuned: Tuned, views: Views, bank: TextBank, heads: State) -> Adapter:
    """Put trained heads on tops that are still as they were published."""
    tuned.text_tops.centre.copy_(torch.from_numpy(bank.english_centre))
    adapter = Adapter(Uppermost(tuned, views, Captions(bank)), tuned.image, tuned.text)
    adapter.load_state_dict({**adapter.state_dict(), **heads})
    return adapter


def main() -> None:
    """Train heads and tops together and write ``tuned.safetensors``."""
    args = options(__doc__).parse_args()
    config, photos = read_config(args.config), read_photos(args.data)
    stage, bank = config.tune, TextBank(CACHE / "texts")
    torch.set_num_threads(args.threads)
    networks, (heads, names) = load_networks(args.weights), read_trained(args.out / HEADS)
    views = [
        (*(maps(view, name) for name in NETWORKS), likely_names(networks[NETWORKS[0]], view, names))
        for view in config.views
    ]
    tops = ImageTops(networks), TextTops(read_weights(args.weights))
    tuned = Tuned(*tops, stage.dropout)
    adapter = begin(tuned, Views(views), bank, heads)
    batches = Batches(photos, bank.row, stage.batch, config.seed)
    trainer = Trainer(adapter, batches, course(stage, config.seed, len(batches)))
    run = digest(config, stage, photos, (args.out / HEADS).read_bytes())
    train(trainer, Dev(photos, bank.row), stage, args.out / "tuned.checkpoint.safetensors", run)
    write_trained(args.out / TUNED, tuned.state_dict(), names)


if __name__ == "__main__":
    main()
