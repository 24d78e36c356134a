"""What an encoder is: a dual encoder that puts pictures and words into one space.

Every row an encoder returns is float32 and L2-normalised, and the same input gives the same
row whatever batch it travels in. Implementations are safe to call from several threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Vectors = NDArray[np.float32]
"""Rows of unit length, shape ``[n, dim]``."""


class Encoder(Protocol):
    """A pair of towers, one for pictures and one for words, that share a space."""

    @property
    def name(self) -> str:
        """How a user names it: ``builtin``, ``openclip:ViT-B-32/laion2b_s34b_b79k``."""

    @property
    def revision(self) -> str:
        """Which weights: two encoders of one name and revision give the same vectors."""

    @property
    def fingerprint(self) -> str:
        """A digest of weights and preprocessing; vectors of another fingerprint never mix."""

    @property
    def dim(self) -> int:
        """Components of a vector."""

    @property
    def text_window(self) -> int:
        """Tokens of text one vector can hold; longer text must be split before encoding."""

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Encode upright RGB pictures of any size, one row each."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, one row each. Raise InvalidQuery for one longer than the window."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text would take of the window."""

    def reference_images(self) -> Vectors:
        """Give vectors of unrelated pictures, for judging a score in a small library."""

    def reference_texts(self) -> Vectors:
        """Give vectors of unrelated texts, for judging a score in a small library."""
