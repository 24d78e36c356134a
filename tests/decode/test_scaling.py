from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.decode.pictures import SHORT_SIDE, open_picture
from retrieval.decode.scaling import LONG_SIDE, ROOM
from retrieval.encoders.builtin import BuiltinEncoder
from tests.decode.test_pictures import encode

PHOTOS = Path(__file__).parents[3] / "shared" / "data" / "photos-varied"
MOVED = 0.01
"""How far, as a difference of cosines, a vector may move by decoding less than the whole."""


def scene(width: int, height: int, seed: int = 0) -> Image.Image:
    """Make a picture of something like a photo: blobs of many sizes, and the noise of a sensor."""
    random = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 3))
    for side in (3, 9, 27, 81):
        noise = random.integers(0, 255, (side, side, 3), np.uint8)
        pixels += np.asarray(Image.fromarray(noise).resize((width, height)), float) / side**0.5
    pixels *= 255 / pixels.max()
    noisy = pixels + random.normal(0, 2, (height, width, 1))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def shift(pictures: list[bytes]) -> float:
    """Say how far the vectors of pictures move at most by how they are decoded."""
    encoder = BuiltinEncoder()
    whole = [Image.open(BytesIO(data)).convert("RGB") for data in pictures]
    one = encoder.encode_images(whole)
    other = encoder.encode_images([open_picture(data).image for data in pictures])
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float((1 - (one * other).sum(axis=1) / lengths).max())


def test_vectors_hardly_move_by_decoding_less() -> None:
    sizes = [(1600, 1200), (1601, 1203), (3199, 2399), (787, 1555), (513, 4000), (500, 500)]
    assert shift([encode(scene(*size, seed), "JPEG") for seed, size in enumerate(sizes)]) < MOVED


@pytest.mark.slow
@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos to measure with are not here")
def test_vectors_of_photos_hardly_move_by_decoding_less() -> None:
    enlarged = []
    for number, file in enumerate(sorted(PHOTOS.glob("*.jpg"))):
        with Image.open(file) as photo:
            factor = 1.5 + number % 5
            size = round(photo.width * factor) + 1, round(photo.height * factor) + 3
            enlarged.append(encode(photo.convert("RGB").resize(size), "JPEG", quality=85))
    assert shift(enlarged) < MOVED


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 2600), st.integers(1, 2600))
def test_any_size_is_covered_and_bounded(width: int, height: int) -> None:
    picture = open_picture(encode(Image.new("L", (width, height)), "JPEG"))
    assert (picture.width, picture.height) == (width, height)
    small = picture.image.size
    assert min(small) >= min(SHORT_SIDE, width, height) or max(small) >= LONG_SIDE
    assert min(small) <= ROOM * SHORT_SIDE + 1 and max(small) <= ROOM * LONG_SIDE + 1
    assert min(small) == 1 or abs(small[0] / small[1] - width / height) < 0.02 * width / height


@pytest.mark.parametrize("size", [(1601, 1203), (3087, 2313), (1544, 1161), (4097, 769)])
def test_no_edge_shows_a_line(size: tuple[int, int]) -> None:
    """Sizes that are no multiples of the blocks of a JPEG, beside the same decoded whole."""
    ramp = np.tile(np.linspace(0, 255, size[0])[None, :, None], (size[1], 1, 3))
    ramp[..., 1] = np.linspace(255, 0, size[1])[:, None]
    data = encode(Image.fromarray(ramp.astype(np.uint8)), "JPEG", quality=95)
    ours = open_picture(data).image
    with Image.open(BytesIO(data)) as opened:
        whole = opened.convert("RGB").resize(ours.size, Image.Resampling.BICUBIC)
    apart = np.abs(np.asarray(ours, np.int16) - np.asarray(whole, np.int16))
    edges = (apart[0], apart[-1], apart[:, 0], apart[:, -1])
    assert max(edge.mean() for edge in edges) < 2
    assert max(edge.max() for edge in edges) <= 8


def test_a_jpeg_is_decoded_small_and_a_small_one_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval.decode import pictures

    seen = []
    render = pictures.render
    monkeypatch.setattr(
        pictures, "render", lambda image, *rest: seen.append(image.size) or render(image, *rest)
    )
    for size in ((4000, 3000), (3072, 2304), (1000, 700)):
        open_picture(encode(Image.new("L", size), "JPEG"))
    assert seen == [(1000, 750), (768, 576), (1000, 700)]


def test_a_phone_s_two_pictures_in_one_file_are_decoded_small_too() -> None:
    frames = [scene(1601, 1203), Image.new("RGB", (320, 240))]
    data = encode(frames[0], "MPO", save_all=True, append_images=frames[1:])
    picture = open_picture(data)
    assert (picture.width, picture.height, picture.mime) == (1601, 1203, "image/jpeg")
    assert picture.image.size == open_picture(encode(frames[0], "JPEG")).image.size


@pytest.mark.parametrize("lies", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_way_to_lie_is_turned_upright(lies: int, format: str) -> None:
    upright = Image.new("RGB", (96, 64), "green")
    upright.paste("red", (0, 0, 48, 32))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    lying = upright.transpose(Image.Transpose(undo[lies])) if lies in undo else upright
    exif = Image.Exif()
    exif[0x0112] = lies
    picture = open_picture(encode(lying, format, exif=exif))
    assert (picture.width, picture.height) == picture.image.size == (96, 64)
    corners = [picture.image.getpixel(at)[0] > 200 for at in ((9, 9), (86, 9), (9, 54), (86, 54))]
    assert corners == [True, False, False, False]
