"""Features by the row: what training reads in place of photos and captions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.e5 import WIDTH
from training.heads import IMAGE_FEATURES, ImageFeatures
from training.lite import Lite2
from training.texts import GROUPS

BATCH = 256
WINDOWS = 3  # part views of every map, beside the whole one


class TextBank:
    """Every encoded caption, found by its text."""

    def __init__(self, folder: Path) -> None:
        found = [name for name in GROUPS if (folder / name / "texts.json").exists()]
        self.groups: dict[str, list[str]] = {
            name: json.loads((folder / name / "texts.json").read_text()) for name in found
        }
        every = [text for texts in self.groups.values() for text in texts]
        self.row = {text: i for i, text in enumerate(every)}
        parts = [text_features(folder / name) for name in found]
        self.features = torch.from_numpy(np.concatenate(parts)).float()

    def __contains__(self, text: str) -> bool:
        return text in self.row

    def rows(self, texts: Sequence[str]) -> list[int]:
        """Find the rows of texts."""
        return [self.row[text] for text in texts]

    def pool(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give e5's own sentence vectors, ``[n, 384]``, not normalised."""
        return self.features[self.rows(texts), :WIDTH].numpy()

    def learnable(self) -> list[str]:
        """List the texts that may be learned from: prose and training captions."""
        names = [name for name in self.groups if name.startswith(("prose", "train"))]
        return [text for name in names for text in self.groups[name]]


def text_features(folder: Path) -> NDArray[np.float16]:
    """Pool the cached states of one group, once: ``[n, 1536]``."""
    done = folder / "features.npy"
    if not done.exists():
        ends = np.load(folder / "ends.npy")
        starts = np.append(0, ends[:-1])
        last, branch = (
            np.load(folder / f"{name}.npy").astype(np.float32) for name in ("last", "branch")
        )
        parts = [
            np.load(folder / "pooled.npy"),
            np.maximum.reduceat(last, starts),
            np.add.reduceat(branch, starts) / (ends - starts)[:, None],
            np.maximum.reduceat(branch, starts),
        ]
        np.save(done, np.concatenate(parts, axis=1).astype(np.float16))
    return np.load(done)


@torch.inference_mode()
def image_features(trunk: Lite2, pool: ImageFeatures, path: Path) -> Tensor:
    """Pool a cached view, whole and in random windows: ``[1 + WINDOWS, photos, 2816]``."""
    done = path.with_name(path.name.replace("lower", "features"))
    if not done.exists():
        lower, rng = np.load(path, mmap_mode="r"), np.random.default_rng(0)
        found = np.zeros((1 + WINDOWS, len(lower), IMAGE_FEATURES), np.float16)
        for i in range(0, len(lower), BATCH):
            maps = trunk.upper(torch.from_numpy(lower[i : i + BATCH].astype(np.float32)))
            found[0, i : i + BATCH] = pool(maps).numpy()
            for view in range(1, 1 + WINDOWS):
                height, width = rng.integers(6, 9, 2)
                top, left = rng.integers(0, 10 - height), rng.integers(0, 10 - width)
                part = maps[:, :, top : top + height, left : left + width]
                found[view, i : i + BATCH] = pool(part).numpy()
        np.save(done, found)
    return torch.from_numpy(np.load(done)).float()
