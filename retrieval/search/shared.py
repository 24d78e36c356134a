"""An encoder that many searches share: what they ask for at once is encoded together.

Texts are remembered, since a query comes again with every page of its answer and every filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import InvalidQuery
from retrieval.search.compose import unit
from retrieval.split import split
from retrieval.turns import Turns

if TYPE_CHECKING:
    from PIL.Image import Image

REMEMBERED = 1024
"""Texts whose vectors are kept; they take some 2 kB each."""

LONGEST = 2000
"""Characters of a text that is remembered; a longer one was pasted, and hardly comes again."""


class SharedEncoder:
    """Encodes what queries say and show; safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._windows = Turns(self._encode_windows)
        self._images: Turns[Image, Vectors] = Turns(lambda asked: [*encoder.encode_images(asked)])
        self._remember = lru_cache(maxsize=REMEMBERED)(self._encode_text)

    def encode_text(self, text: str) -> Vectors:
        """Encode words, [dim]; those beyond the encoder's window count in equal parts.

        Raise InvalidQuery where there are none.
        """
        return (self._remember if len(text) <= LONGEST else self._encode_text)(text)

    def encode_image(self, image: Image) -> Vectors:
        """Encode a picture, [dim]."""
        return self._images.ask(image)

    def _encode_text(self, text: str) -> Vectors:
        windows = [text[start:end] for start, end in split(text, self._encoder)]
        if not windows:
            raise InvalidQuery("The query's text is empty: write what to look for.")
        return unit(self._windows.ask(windows).sum(axis=0))

    def _encode_windows(self, texts: Sequence[list[str]]) -> list[Vectors]:
        """Encode the windows of several texts, [n, dim] for each."""
        rows = self._encoder.encode_texts([window for windows in texts for window in windows])
        return np.split(rows, np.cumsum([len(windows) for windows in texts])[:-1])
