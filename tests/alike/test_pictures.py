"""Two pictures are nearly the same if a person would say that they are one picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from retrieval.alike.comparison import Pictures
from retrieval.alike.look import BYTES, take_look
from tests.alike.scenes import CHANGES, scene, sketch


def same(one: Image.Image, other: Image.Image) -> tuple[bool, bool]:
    """Tell whether a pair is near, and confirmed."""
    pictures = Pictures([sketch(one), sketch(other)])
    near = pictures.near(slice(0, 1), slice(1, 2))[0, 0]
    [confirmed] = pictures.confirm(np.array([0]), np.array([1]))
    return bool(near), bool(confirmed)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_the_same(change: str) -> None:
    for seed in range(4):
        assert same(scene(seed), CHANGES[change](scene(seed))) == (True, True), seed
        assert same(CHANGES[change](scene(seed)), scene(seed)) == (True, True), seed


def test_other_pictures_are_not() -> None:
    sketches = [sketch(scene(seed)) for seed in range(60)]
    one, other = np.triu_indices(60, 1)
    assert not Pictures(sketches).confirm(one, other).any()


def test_a_picture_with_something_added_in_a_corner_is_another() -> None:
    changed = scene(1)
    ImageDraw.Draw(changed).ellipse((300, 220, 470, 350), fill="white", outline="black", width=9)
    assert same(scene(1), changed)[1] is False


def test_a_picture_in_other_colours_is_another() -> None:
    red, green, blue = scene(2).split()
    swapped = Image.merge("RGB", (blue, green, red))
    assert same(scene(2), swapped)[1] is False
    assert same(scene(2), ImageOps.invert(scene(2)))[1] is False


def test_half_of_a_picture_is_another() -> None:
    width, height = scene(3).size
    assert same(scene(3), scene(3).crop((0, 0, width // 2, height)))[1] is False


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (31, 33)])
def test_a_picture_of_any_size_has_a_look(size: tuple[int, int]) -> None:
    assert len(take_look(scene(0, size))) in (0, BYTES)


def test_a_single_colour_has_no_look() -> None:
    assert take_look(Image.new("RGB", (300, 200), "red")) == b""


def test_a_page_of_print_has_no_look() -> None:
    page = Image.new("RGB", (400, 480), "white")
    draw = ImageDraw.Draw(page)
    for line in range(40):
        draw.text((20, 10 + 12 * line), "Total 12.40  Change 7.60  Thank you, come again", "black")
    assert take_look(page) == b""
