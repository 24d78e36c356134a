"""The dual encoder that ships inside the package: English and Chinese, no network, no torch.

A vector has two halves, meaning and sight. A text fills both: what it says, from the frozen
sentence encoder, and what it would look like, from the trained heads. A picture fills sight, and
a little of meaning with the names that an image classifier has for it. So text finds text mostly
by meaning, pictures mostly by sight, and one dot product serves both. A last number takes off the
scores of pictures what they owe to being near to every text.
Two readers look at a text: a multilingual one, and one that is better at English (``english.py``).
How it was trained and how good it is: ``builtin_v1/MODEL_CARD.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.networks import Inputs, Networks, reading
from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery

if TYPE_CHECKING:
    from PIL.Image import Image
    from tokenizers import Tokenizer

    from retrieval.encoders.english import EnglishWords

FOLDER = Path(__file__).with_name("builtin_v1")
PICTURES, TEXTS = "image.onnx", "text.onnx"
MODEL_FILES = (PICTURES, TEXTS, "tokenizer.json", "english.json")
TEXT_BATCH = 8
"""Texts in one product; pictures go one by one, as they take 45 MB each and gain nothing."""


@dataclass(frozen=True)
class Config:
    """What ``config.json`` says: identity, shapes and preprocessing."""

    name: str
    revision: str
    fingerprint: str
    dim: int
    text_window: int
    image_size: int
    resize: str
    prefix: str


class BuiltinEncoder:
    """Encode pictures and texts with the files of ``builtin_v1``; safe to share by threads."""

    def __init__(self, folder: Path = FOLDER, threads: int | None = None) -> None:
        """Read the configuration only; each tower is loaded at its first use."""
        self._folder, self._networks = folder, Networks(folder, threads)
        with reading(folder / "config.json") as path:
            self._config = Config(**json.loads(path.read_bytes()))

    @property
    def name(self) -> str:
        """Give the name that users know it by."""
        return self._config.name

    @property
    def revision(self) -> str:
        """Tell which weights these are."""
        return self._config.revision

    @property
    def fingerprint(self) -> str:
        """Give the digest of weights and preprocessing that was taken when they were made."""
        return self._config.fingerprint

    @property
    def dim(self) -> int:
        """Count the components of a vector."""
        return self._config.dim

    @property
    def text_window(self) -> int:
        """Count the tokens that one text may take, prefix and end marks included."""
        return self._config.text_window

    def begin_texts(self) -> None:
        """Begin to open the text tower in the background."""
        self._networks.begin(TEXTS)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Encode upright RGB pictures of any size, ``[n, dim]``."""
        if not images:
            return np.empty((0, self.dim), np.float32)
        self._networks.begin(PICTURES)
        rows = self._networks.run_each(PICTURES, images, self._pixels)
        return np.concatenate(rows)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, ``[n, dim]``. Raise InvalidQuery for one longer than the window."""
        if texts:
            self.begin_texts()
        rows = self._tokens(texts)
        for row in rows:
            if len(row) > self.text_window:
                raise InvalidQuery(
                    f"the text takes {len(row)} tokens, and one vector holds {self.text_window}: "
                    "shorten it, or split it into passages"
                )
        vectors = np.empty((len(rows), self.dim), np.float32)
        by_length = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        batches = [by_length[i : i + TEXT_BATCH] for i in range(0, len(rows), TEXT_BATCH)]

        def prepare(batch: list[int]) -> Inputs:
            ids, mask = _padded([rows[i] for i in batch])
            words, real = _padded([self._english(texts[i]) for i in batch])
            return {"e5_ids": ids, "e5_mask": mask, "english_ids": words, "english_mask": real}

        for batch, found in zip(
            batches, self._networks.run_each(TEXTS, batches, prepare), strict=True
        ):
            vectors[batch] = found
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes of the window."""
        return [len(row) for row in self._tokens(texts)]

    def reference_images(self) -> Vectors:
        """Give vectors of 256 unrelated training photos, ``[256, dim]``."""
        return self._references["images"]

    def reference_texts(self) -> Vectors:
        """Give vectors of 256 unrelated texts, ``[256, dim]``."""
        return self._references["texts"]

    def _pixels(self, image: Image) -> Inputs:
        # The whole picture is squashed rather than cropped: what is at the edge can be searched
        # for too, and the training photos came squashed.
        from PIL.Image import Resampling

        size = (self._config.image_size, self._config.image_size)
        small = image.convert("RGB").resize(size, Resampling.BICUBIC, reducing_gap=2)
        return {"pixels": np.asarray(small)[np.newaxis]}

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        # One by one: encode_batch starts threads that warn whenever the process forks later.
        return [self._tokenizer.encode(self._config.prefix + text).ids for text in texts]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        with reading(self._folder / "tokenizer.json") as path:
            return Tokenizer.from_file(str(path))

    @cached_property
    def _english(self) -> EnglishWords:
        from retrieval.encoders.english import EnglishWords

        with reading(self._folder / "english.json") as path:
            return EnglishWords(path, self.text_window)

    @cached_property
    def _references(self) -> dict[str, Vectors]:
        with reading(self._folder / "reference.npz") as path, np.load(path) as stored:
            return {key: stored[key].astype(np.float32) for key in ("images", "texts")}


def digest(folder: Path) -> str:
    """Compute the fingerprint afresh: SHA-256 over the model files and the preprocessing."""
    config = json.loads((folder / "config.json").read_bytes())
    settings = {key: value for key, value in config.items() if key != "fingerprint"}
    total = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for file in MODEL_FILES:
        total.update(hashlib.sha256((folder / file).read_bytes()).digest())
    return total.hexdigest()


def _padded(rows: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lay token rows of several lengths in one rectangle, with a mask of what is real."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)  # what is masked may be anything
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1
    return ids, mask
