from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.decode.pictures import open_picture
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.explain.overlay import COLOUR, DENSEST, SIDE, draw_overlay
from retrieval.explain.regions import CELLS, ENCODED, explain_picture
from tests.fakes import COLOURS, FakeEncoder
from tests.halves import SharpEyed, side_by_side

PICTURES = Path(__file__).parents[2] / "examples" / "media" / "pictures"
HALF = CELLS // 2


@pytest.fixture(scope="module")
def builtin() -> BuiltinEncoder:
    return BuiltinEncoder()


@pytest.mark.parametrize(("words", "red_first"), [("red", True), ("红", True), ("blue", False)])
def test_heat_lies_where_the_colour_asked_for_is(words: str, red_first: bool) -> None:
    encoder = SharpEyed()
    regions = explain_picture(
        side_by_side("red", "blue"), encoder.encode_texts([words])[0], encoder
    )
    left, right = regions.heat[:, :HALF].mean(), regions.heat[:, HALF:].mean()
    assert (left > 2 * right) if red_first else (right > 2 * left)
    assert regions.heat.max() == 1
    assert regions.fall > 0


def test_nothing_is_hot_in_a_picture_of_one_colour() -> None:
    encoder = SharpEyed()
    red = Image.new("RGB", (50, 50), "red")
    regions = explain_picture(red, encoder.encode_texts(["red"])[0], encoder)
    assert not regions.heat.any()
    assert regions.fall == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(list(COLOURS)), st.integers(0, 99))
def test_a_picture_of_any_shape_has_heat_within_bounds(
    width: int, height: int, words: str, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    encoder = FakeEncoder()
    regions = explain_picture(Image.fromarray(pixels), encoder.encode_texts([words])[0], encoder)
    assert encoder.images_encoded <= ENCODED
    assert regions.heat.shape == (CELLS, CELLS)
    assert regions.heat.dtype == np.float32
    assert ((regions.heat >= 0) & (regions.heat <= 1)).all()


@pytest.mark.parametrize(
    ("words", "row", "column"),
    [("a cat", 0, 0), ("a rocket taking off", 0, 1), ("一杯咖啡", 1, 0), ("an astronaut", 1, 1)],
)
def test_the_built_in_encoder_points_at_the_right_picture_of_four(
    builtin: BuiltinEncoder, words: str, row: int, column: int
) -> None:
    heat = explain_picture(collage(), builtin.encode_texts([words])[0], builtin).heat
    quadrants = heat.reshape(2, HALF, 2, HALF).sum(axis=(1, 3))
    assert quadrants.argmax() == 2 * row + column


def collage() -> Image.Image:
    names = ("cat.jpg", "rocket-launch.jpg", "cup-of-coffee.jpg", "astronaut.jpg")
    whole = Image.new("RGB", (512, 512))
    for i, name in enumerate(names):
        part = open_picture(PICTURES / name).image.resize((256, 256))
        whole.paste(part, (i % 2 * 256, i // 2 * 256))
    return whole


def test_the_overlay_is_clear_where_it_is_hot() -> None:
    heat = np.zeros((CELLS, CELLS), np.float32)
    heat[:, :HALF] = 1
    overlay = Image.open(BytesIO(draw_overlay(heat, 4000, 1000))).convert("RGBA")
    assert overlay.size == (SIDE, SIDE // 4)
    left, right = (overlay.getpixel((x, SIDE // 8)) for x in (4, SIDE - 5))
    assert left[3] == 0
    assert right == (*COLOUR, round(DENSEST * 255))
