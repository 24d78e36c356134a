"""Epochs of photos with freshly drawn captions, each of which the seed and its number decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from retrieval.evaluation.ranking import Ints
from retrieval.training.batches import Batch
from training.photos import Photo

CAPTIONED_EPOCHS = 6
"""Epochs of the captioned photos in which each labelled one comes once."""


class Batches:
    """Training photos; ``row`` finds a text's row, for those texts that have one."""

    def __init__(
        self, photos: Sequence[Photo], row: Mapping[str, int], size: int, seed: int
    ) -> None:
        train = [i for i, photo in enumerate(photos) if photo.split == "train"]
        self._captioned = [i for i in train if photos[i].zh]
        self._labelled = [i for i in train if not photos[i].zh]
        self._said = {i: _languages(photos[i], row) for i in train}
        self._group = _groups(photos)
        self._size, self._seed = size, seed

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return max(1, (len(self._captioned) + self._share) // self._size)

    @property
    def rows(self) -> Ints:
        """All photos that are trained on."""
        return np.array(self._captioned + self._labelled, np.int64)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Shuffle all captioned photos and a share of the labelled ones into batches."""
        rng = np.random.default_rng((self._seed, number))
        extra = rng.choice(np.array(self._labelled, np.int64), self._share, replace=False)
        order = rng.permutation(np.concatenate([np.array(self._captioned, np.int64), extra]))
        for photos in np.array_split(order, len(self)):
            yield self._batch(photos, rng)

    @property
    def _share(self) -> int:
        return len(self._labelled) // CAPTIONED_EPOCHS

    def _batch(self, photos: Ints, rng: np.random.Generator) -> Batch:
        """Draw a text of each language for each photo; photos of one class share theirs."""
        drawn = [(i, rng.choice(texts)) for i in photos.tolist() for texts in self._said[i]]
        owners, texts = np.array(drawn, np.int64).T
        return Batch(photos, texts, self._group[owners][:, None] == self._group[photos])


def _languages(photo: Photo, row: Mapping[str, int]) -> list[list[int]]:
    """Give the rows of a photo's captions, English apart from Chinese, leaving out no one."""
    spoken = [photo.en, photo.zh + photo.zh_machine]
    known = [[row[text] for text in texts if text in row] for texts in spoken]
    return [rows for rows in known if rows]


def _groups(photos: Sequence[Photo]) -> Ints:
    """Give each photo a number, and those of one class the same."""
    names = sorted({photo.label for photo in photos})
    numbers = [
        names.index(photo.label) if photo.label else len(names) + i
        for i, photo in enumerate(photos)
    ]
    return np.array(numbers, np.int64)
