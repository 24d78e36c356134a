"""Training pairs in batches, every epoch in an order of its own that the seed alone decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.ranking import Flags, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Photos and texts that meet in one step."""

    photos: Ints
    texts: Ints
    same: Flags
    """Which text is of which photo, [texts, photos]."""


class Batches:
    """The pairs of photos and texts, ``links``, that are trained on; a batch has each once."""

    def __init__(self, links: Ints, size: int, seed: int) -> None:
        self._links, self._size, self._seed = links, size, seed
        self._width = int(links[:, 1].max()) + 1
        self._codes = np.sort(self._code(links[:, 0], links[:, 1]))

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return max(1, len(self._links) // self._size)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Shuffle all pairs into batches."""
        order = np.random.default_rng((self._seed, number)).permutation(len(self._links))
        for rows in np.array_split(order, len(self)):
            yield self._batch(self._links[rows])

    def _batch(self, links: Ints) -> Batch:
        photos, texts = np.unique(links[:, 0]), np.unique(links[:, 1])
        # A text drawn for one photo may be another's too, which a batch must not deny.
        met = self._code(photos[None, :], texts[:, None])
        places = np.minimum(np.searchsorted(self._codes, met), len(self._codes) - 1)
        return Batch(photos, texts, self._codes[places] == met)

    def _code(self, photos: Ints, texts: Ints) -> Ints:
        """Make one number of a photo's row and a text's."""
        return photos * self._width + texts
