"""Sixteen colours tell where in a picture what is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from retrieval.alike.glimpse import ACROSS, take_glimpses
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind
from tests.alike.scenes import scene, sketch


def glimpse(picture: Image.Image) -> np.ndarray:
    [pixels] = take_glimpses({7: sketch(picture)}).values()
    return np.frombuffer(pixels, np.uint8).reshape(ACROSS, ACROSS, 3)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_picture_made_tiny(seed: int) -> None:
    picture = scene(seed)
    tiny = picture.resize((ACROSS, ACROSS), Image.Resampling.BOX)
    assert np.abs(glimpse(picture) - np.asarray(tiny, np.float32)).mean() < 4


def test_its_rows_run_from_the_top_left() -> None:
    picture = Image.new("RGB", (480, 320), "blue")
    picture.paste("red", (0, 0, 120, 80))
    colours = glimpse(picture).astype(int)
    assert colours[0, 0].argmax() == 0
    assert (colours[1:, 1:].argmax(-1) == 2).all()


def test_only_pictures_have_one() -> None:
    words = Sketch(3, Kind.TEXT, b"some hashes of words", 0, 20, None)
    found = take_glimpses({1: sketch(scene(1)), 3: words, 2: sketch(scene(2))})
    assert list(found) == [1, 2]
    assert {len(pixels) for pixels in found.values()} == {3 * ACROSS**2}
    assert take_glimpses({3: words}) == {}
