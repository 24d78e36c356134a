from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from PIL import Image

from retrieval.decode import frames as module
from retrieval.decode.frames import FRAMES, PAGES, frame_at, open_frames
from retrieval.decode.pictures import open_picture
from retrieval.settings import Settings
from tests.decode.test_pictures import encode, half_and_half

COLOURS = ("red", "green", "blue", "yellow", "purple", "white", "black", "orange")
FORMATS = ["GIF", "WEBP", "PNG", "AVIF"]


def moving(
    format: str,
    colours: Sequence[str] = COLOURS,
    duration: int | list[int] = 500,
    **options: object,
) -> bytes:
    shown = [Image.new("RGB", (64, 48), colour) for colour in colours]
    options |= {"save_all": True, "append_images": shown[1:], "duration": duration}
    return encode(shown[0], format, **options)


def scanned(*colours: str, **options: object) -> bytes:
    pages = [Image.new("RGB", (64, 48), colour) for colour in colours]
    return encode(pages[0], "TIFF", save_all=True, append_images=pages[1:], **options)


def name(image: Image.Image) -> str:
    """Name the colour that a picture mostly has."""
    red, green, blue = image.getpixel((32, 24))
    named = {colour: Image.new("RGB", (1, 1), colour).getpixel((0, 0)) for colour in COLOURS}
    return min(
        named,
        key=lambda c: sum(abs(a - b) for a, b in zip(named[c], (red, green, blue), strict=True)),
    )


@pytest.mark.parametrize("format", FORMATS)
def test_a_moving_picture_gives_frames_spread_over_its_time(format: str) -> None:
    picture, frames = open_frames(moving(format))
    assert [name(frame.image) for frame in frames] == ["red", "blue", "purple", "black"]
    assert [(frame.start, frame.end) for frame in frames] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert frames[0].image is picture.image
    assert all(frame.page is None and frame.image.mode == "RGB" for frame in frames)


@pytest.mark.parametrize("format", FORMATS)
def test_few_frames_are_all_kept_with_their_own_times(format: str) -> None:
    _, frames = open_frames(moving(format, ["red", "green", "blue"], [100, 2000, 300]))
    assert [(f.start, f.end) for f in frames] == [(0, 0.1), (0.1, 2.1), (2.1, 2.4)]


@pytest.mark.parametrize("count", [9, 17, 50, 63])
def test_a_long_one_is_still_a_handful(count: int) -> None:
    colours = [COLOURS[i * 8 // count] for i in range(count)]
    _, frames = open_frames(moving("WEBP", colours, 100))
    assert len(frames) == FRAMES
    assert frames[0].start == 0 and frames[-1].end == pytest.approx(count / 10)
    starts = [frame.start or 0 for frame in frames]
    gaps = [b - a for a, b in pairwise(starts)]
    assert max(gaps) <= 0.5 * count / 10, starts


def test_frames_that_look_alike_are_left_out() -> None:
    _, frames = open_frames(moving("WEBP", ["red", "red", "blue", "red"], lossless=True))
    assert [(name(f.image), f.start, f.end) for f in frames] == [("red", 0, 1), ("blue", 1, 2)]


def test_a_picture_that_only_flickers_is_still() -> None:
    picture, frames = open_frames(moving("WEBP", ["#808080", "#818181", "#828282"], lossless=True))
    assert frames == (module.Frame(picture.image),)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_a_still_picture_is_its_only_frame(format: str) -> None:
    picture, frames = open_frames(encode(half_and_half(), format))
    assert frames == (module.Frame(picture.image),)


def test_frames_that_say_no_time_last_as_in_browsers() -> None:
    _, frames = open_frames(moving("GIF", ["red", "green"], 0))
    assert [(f.start, f.end) for f in frames] == [(0, 0.1), (0.1, 0.2)]


def test_pages_are_counted_and_kept_though_alike() -> None:
    _, frames = open_frames(scanned("white", "white", "red"))
    assert [(f.page, f.start, name(f.image)) for f in frames] == [
        (1, None, "white"),
        (2, None, "white"),
        (3, None, "red"),
    ]


def test_pages_that_are_previews_of_others_are_none() -> None:
    preview = Image.new("RGB", (64, 48), "blue")
    preview.encoderinfo = {"tiffinfo": {254: 1}}
    data = encode(half_and_half(), "TIFF", save_all=True, append_images=[preview])
    picture, frames = open_frames(data)
    assert frames == (module.Frame(picture.image),)


def test_pages_are_bounded() -> None:
    _, frames = open_frames(scanned(*["white", "red"] * PAGES))
    assert [frame.page for frame in frames] == list(range(1, PAGES + 1))


@pytest.mark.parametrize("data", [moving("GIF"), moving("WEBP"), scanned(*COLOURS)])
def test_all_frames_share_the_pixels_of_one_picture(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "settings", lambda: Settings(max_pixels=64 * 48 * 3))
    _, frames = open_frames(data)
    assert [name(frame.image) for frame in frames] == ["red", "green", "blue"]


def test_one_that_breaks_off_shows_what_came_before() -> None:
    shown = [half_and_half().resize((400, 300)), Image.effect_noise((400, 300), 90).convert("RGB")]
    data = encode(shown[0], "GIF", save_all=True, append_images=shown[1:])
    picture, frames = open_frames(data[: len(data) // 2])
    assert frames == (module.Frame(picture.image),)


def test_a_frame_is_found_again() -> None:
    data = moving("GIF")
    assert [name(frame_at(data, None, at)) for at in (0.0, 2.0, None, 77.0)] == [
        "red",
        "purple",
        "red",
        "red",
    ]
    assert name(frame_at(scanned("red", "green"), 2, None)) == "green"


def test_two_pictures_of_one_shot_are_no_frames() -> None:
    shown = [half_and_half(), Image.new("RGB", (64, 32), "green")]
    data = encode(shown[0], "MPO", save_all=True, append_images=shown[1:])
    assert len(open_frames(data)[1]) == 1


def test_frames_are_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    _, frames = open_frames(moving("WEBP", ["red", "blue"], exif=exif))
    assert [frame.image.size for frame in frames] == [(48, 64), (48, 64)]


def test_the_picture_is_what_a_query_sees() -> None:
    data = moving("GIF")
    assert open_frames(data)[0].image.tobytes() == open_picture(data).image.tobytes()
