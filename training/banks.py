"""Features by the row: what training reads in place of photos and captions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.e5 import WIDTH
from training.features import CACHE
from training.heads import Naming, pool_places
from training.lite import CHANNELS, NETWORKS, PLACES, Lite
from training.texts import GROUPS, TOKENIZERS

BATCH = 256
WINDOWS = 3
"""Part views of every map, beside the whole one."""
END_MARKS = 2
"""Tokens of a text that the English reader was not given."""
READERS = tuple(TOKENIZERS)


class TextBank:
    """Every encoded caption, found by its text: e5's features, then the English reader's.

    The latter are centred, and all zero for a text that is not English.
    """

    def __init__(self, folder: Path) -> None:
        found = [name for name in GROUPS if (folder / name / "english" / "ends.npy").exists()]
        self.groups: dict[str, list[str]] = {
            name: json.loads((folder / name / "texts.json").read_text()) for name in found
        }
        every = [text for texts in self.groups.values() for text in texts]
        self.row = {text: i for i, text in enumerate(every)}
        features = {
            reader: np.concatenate([text_features(folder / name / reader) for name in found])
            for reader in READERS
        }
        lengths = [np.diff(np.load(folder / name / "english" / "ends.npy"), prepend=0)
                   for name in found]  # fmt: skip
        english = np.concatenate(lengths) > END_MARKS
        rows = [row for row in self.rows(self.learnable()) if english[row]]
        self.english_centre = features["english"][rows].mean(0, dtype=np.float32)
        centred = (features["english"] - self.english_centre) * english[:, None]
        both = np.concatenate([features["e5"], centred], 1, dtype=np.float32)
        self.features = torch.from_numpy(both)

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
    """Pool one reader's cached states of one group, once: ``[n, 1536]``."""
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


def maps(view: str, network: str) -> NDArray[np.float16]:
    """Open the cached maps of every photo, ``[photos, channels, 9, 9]``."""
    return np.load(CACHE / f"{view}_{network}.npy", mmap_mode="r")


@torch.inference_mode()
def image_features(trunk: Lite, view: str, network: str) -> NDArray[np.float16]:
    """Pool a network's maps once, whole and in random windows: ``[1 + WINDOWS, photos, 2560]``."""
    done = CACHE / f"features_{view}_{network}.npy"
    if not done.exists():
        lower = maps(view, network)
        rng, smallest = np.random.default_rng(0), PLACES * 2 // 3
        found = np.zeros((1 + WINDOWS, len(lower), 2 * CHANNELS), np.float16)
        for i in range(0, len(lower), BATCH):
            upper = trunk.upper(floats(lower[i : i + BATCH]))
            found[0, i : i + BATCH] = pool_places(upper).numpy()
            for window in range(1, 1 + WINDOWS):
                height, width = rng.integers(smallest, PLACES, 2)
                top, left = rng.integers(0, PLACES - height), rng.integers(0, PLACES - width)
                part = upper[:, :, top : top + height, left : left + width]
                found[window, i : i + BATCH] = pool_places(part).numpy()
        np.save(done, found)
    return np.load(done)


@torch.inference_mode()
def likely_names(trunk: Lite, view: str, names: Tensor) -> NDArray[np.float32]:
    """Name every photo by Lite2's classifier, given the names' meaning: ``[photos, 255]``."""
    done = CACHE / f"likely_{view}.npy"
    if not done.exists():
        lower, naming = maps(view, NETWORKS[0]), Naming(trunk._fc, names)
        starts = range(0, len(lower), BATCH)
        likely = [naming.likely(trunk.upper(floats(lower[i : i + BATCH]))) for i in starts]
        np.save(done, torch.cat(likely).numpy().astype(np.float16))
    return (floats(np.load(done)) @ names).numpy()


def floats(rows: NDArray[Any]) -> Tensor:
    """Widen rows of a cached array."""
    return torch.from_numpy(rows.astype(np.float32))
