"""Several pairs of heads on the tuned features, and one projection of them to the sight space.

Heads that differ by their seed err on different pictures, so the mean of their cosines is better
than each. Their outputs, side by side, are turned to their strongest common directions, so that
a vector stays as long as one head's.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.banks import TextBank
from training.e5 import E5, read_e5
from training.features import CACHE
from training.heads import DIM, IMAGE_FEATURES, TEXT_FEATURES, Head
from training.lite import Lite2, load_lite2
from training.photos import read_photos
from training.tops import ImageTop, TextTop
from training.train import Pair, add_options, fit, report
from training.tune import EVAL, Photos, States, Tuned

WINDOWS = 2
"""Random windows of every photo, beside the whole."""


class Ensemble(nn.Module):
    """Heads of one tower and the projection of their outputs."""

    def __init__(self, heads: list[Head], axes: Tensor) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)
        self.register_buffer("axes", axes)

    def together(self, features: Tensor) -> Tensor:
        """Map features to the heads' outputs side by side."""
        return torch.cat([head(features) for head in self.heads], 1)

    def forward(self, features: Tensor) -> Tensor:
        """Map features to unit rows ``[n, 256]``."""
        return F.normalize(self.together(features) @ self.axes, dim=-1)


class Trained(nn.Module):
    """All that training made of both towers."""

    def __init__(self, trunk: Lite2, e5: E5, heads: int, names: int) -> None:
        super().__init__()
        self.image_top, self.text_top = ImageTop(trunk), TextTop(e5)
        blank = torch.zeros(heads * DIM, DIM)
        self.image = Ensemble([Head(IMAGE_FEATURES) for _ in range(heads)], blank)
        self.text = Ensemble([Head(TEXT_FEATURES) for _ in range(heads)], blank)
        self.register_buffer("names", torch.zeros(names, DIM))


def load_trained(path: Path, trunk: Lite2, e5: E5) -> Trained:
    """Read ``cache/ensemble.pt``."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    heads = stored["text.axes"].shape[0] // DIM
    trained = Trained(trunk, e5, heads, len(stored["names"]))
    trained.load_state_dict(stored)
    return trained.eval()


@torch.inference_mode()
def tuned_features(model: Tuned, bank: TextBank, states: States, seen: Photos) -> Tensor:
    """Replace the bank's features by the tuned ones; give the photos', ``[views, n, 2816]``."""
    rows = range(len(bank.features))
    bank.features = torch.cat([
        model.text_top([states[row] for row in rows[at : at + EVAL]]) for at in rows[::EVAL]
    ])  # fmt: skip
    places = torch.arange(len(seen.lower)).split(EVAL)
    views = [
        torch.cat([torch.cat([model.image_top(lower), named], 1)
                   for lower, named in (draw(part.numpy()) for part in places)])
        for draw in (seen.whole, *[seen.window] * WINDOWS)
    ]  # fmt: skip
    return torch.stack(views)


def common_axes(images: Tensor, texts: Tensor) -> Tensor:
    """Find the strongest directions of both towers' outputs, ``[heads * 256, 256]``."""
    moments = images.T @ images / len(images) + texts.T @ texts / len(texts)
    return torch.linalg.eigh(moments).eigenvectors[:, -DIM:]


def main() -> None:
    """Train further heads beside the tuned ones and write ``cache/ensemble.pt``."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--text-weights", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.set_defaults(epochs=20)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    photos, bank = read_photos(args.data), TextBank(CACHE / "texts")
    tuned = Tuned(ImageTop(load_lite2(args.image_weights)), TextTop(read_e5(args.text_weights)))
    stored = torch.load(CACHE / "tuned.pt", map_location="cpu", weights_only=True)
    tuned.load_state_dict(stored["pair"])
    views = tuned_features(tuned.eval(), bank, States(bank, CACHE / "texts"), Photos(args.seed))
    pairs: list[Pair] = [tuned]
    learned = [i for i, photo in enumerate(photos) if photo.split == "train"]
    for seed in args.seeds:
        args.seed = seed
        pairs.append(fit(photos, bank, views, args))
        ensemble = join(pairs, views[0, learned], bank)
        with torch.inference_mode():
            print(len(pairs), report(ensemble[0](views[0]), ensemble[1], photos, bank), flush=True)
    trained = {"names": stored["names"]}
    parts = zip(("image", "text"), ensemble, strict=True)
    for name, part in [*parts, ("image_top", tuned.image_top), ("text_top", tuned.text_top)]:
        trained |= {f"{name}.{key}": value for key, value in part.state_dict().items()}
    torch.save(trained, CACHE / "ensemble.pt")


@torch.inference_mode()
def join(pairs: list[Pair], images: Tensor, bank: TextBank) -> tuple[Ensemble, Ensemble]:
    """Put heads side by side and fit their common directions on what may be learned from."""
    blank = torch.empty(0)
    image = Ensemble([pair.image.eval() for pair in pairs], blank)
    text = Ensemble([pair.text.eval() for pair in pairs], blank)
    learned = bank.features[bank.rows(bank.learnable())]
    axes = common_axes(image.together(images), text.together(learned))
    image.axes = text.axes = axes
    return image, text


if __name__ == "__main__":
    main()
