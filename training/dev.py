"""How good an encoder is on what it was not trained on: dev's photos, and classes never shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders.protocol import Vectors
from retrieval.evaluation.figures import Figures
from retrieval.evaluation.ranking import Ints, Owned, rank
from retrieval.training.validation import HeldOut, Row, listed
from training.photos import Photo

LANGUAGES = ("en", "zh")

Encode = Callable[[Ints, Ints], tuple[Vectors, Vectors]]
"""Gives the vectors of some rows of photos and texts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was measured after an epoch."""

    languages: Mapping[str, Row]
    """By captions of each language that people wrote."""
    unseen: float
    """The share of photos of classes never shown that find their class's name first."""

    def words(self) -> str:
        """Word all figures."""
        spoken = [f"{key} {listed(row)}" for key, row in self.languages.items()]
        return " | ".join([*spoken, f"unseen classes {100 * self.unseen:.1f} %"])


class Dev:
    """The photos and texts to measure on; ``row`` finds a text's row."""

    def __init__(self, photos: Sequence[Photo], row: Mapping[str, int]) -> None:
        self._shown = split(photos, "dev")
        self._held = {key: self._captions(photos, row, key) for key in LANGUAGES}
        self._unseen = split(photos, "unseen")
        names, self._classes = classes([photos[i] for i in self._unseen])
        self._names = np.array([row[name] for name in names], np.int64)

    def measure(self, epoch: int, loss: float | None, encode: Encode) -> Standing:
        """Measure an encoder."""
        said = [held.texts for held in self._held.values()]
        photos, texts = encode(
            np.concatenate([self._shown, self._unseen]), np.concatenate([*said, self._names])
        )
        shown, unseen = np.split(photos, [len(self._shown)])
        *captions, names = np.split(texts, np.cumsum([len(rows) for rows in said]))
        spoken = zip(self._held.items(), captions, strict=True)
        rows = {key: held.measure(epoch, loss, shown, texts) for (key, held), texts in spoken}
        return Standing(rows, name_photos(unseen, self._classes, names).recall_at_1)

    def _captions(self, photos: Sequence[Photo], row: Mapping[str, int], key: str) -> HeldOut:
        texts, owners = captions([photos[i] for i in self._shown], key)
        rows = np.array([row[text] for text in texts], np.int64)
        return HeldOut(self._shown, rows, self._shown[owners])


def split(photos: Sequence[Photo], name: str) -> Ints:
    """Give the rows of a split's photos."""
    return np.array([i for i, photo in enumerate(photos) if photo.split == name], np.int64)


def captions(photos: Sequence[Photo], key: str) -> tuple[list[str], Ints]:
    """List the captions of one language, and the photo that each belongs to."""
    pairs = [(text, i) for i, photo in enumerate(photos) for text in getattr(photo, key)]
    return [text for text, _ in pairs], np.array([i for _, i in pairs], np.int64)


def classes(photos: Sequence[Photo]) -> tuple[list[str], Ints]:
    """List the classes' names as captions, and the class of each photo."""
    labels = sorted({photo.label for photo in photos})
    numbers = np.array([labels.index(photo.label) for photo in photos], np.int64)
    return [f"a photo of a {label}" for label in labels], numbers


def name_photos(photos: Vectors, numbers: Ints, names: Vectors) -> Figures:
    """Let each photo look for its class's name."""
    return Figures.of(rank(Owned(photos, numbers), Owned(names, np.arange(len(names)))))
