"""A picture of two halves and an encoder that sees how much of a picture each colour fills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from indexer.run import index
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from tests.fakes import COLOURS, DIM, FakeEncoder

PICTURE = "media/halves.png"


class SharpEyed(FakeEncoder):
    """Where the fake encoder sees a picture's mean colour, it counts the pixels of each."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.images_encoded += len(images)
        rows = np.stack([_shares(image) for image in images])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _shares(image: Image.Image) -> np.ndarray:
    pixels = np.asarray(image, np.float32).reshape(-1, 1, 3)
    distances = np.linalg.norm(pixels - np.array(list(COLOURS.values()), np.float32), axis=2)
    row = np.full(DIM, 1e-3)
    row[: len(COLOURS)] += (distances < 30).mean(axis=0)
    return row


def side_by_side(left: str, right: str) -> Image.Image:
    image = Image.new("RGB", (60, 30), left)
    image.paste(Image.new("RGB", (30, 30), right), (30, 0))
    return image


@contextmanager
def halved_library(folder: Path) -> Iterator[Library]:
    """Index a picture that is red on its left and blue on its right."""
    (folder / "media").mkdir()
    side_by_side("red", "blue").save(folder / PICTURE)
    with Library.open(folder / "library", encoder=SharpEyed()) as library:
        index(library, [folder / "media"])
        yield library
