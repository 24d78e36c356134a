from __future__ import annotations

import struct
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.decode.pictures import SHORT_SIDE, open_picture
from retrieval.decode.scaling import LONG_SIDE
from retrieval.errors import MediaTooLarge, UnreadableMedia


def encode(image: Image.Image, format: str, **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def half_and_half() -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (64, 32), "red")
    image.paste("blue", (32, 0, 64, 32))
    return image


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_opens_as_rgb(format: str) -> None:
    picture = open_picture(encode(half_and_half(), format))
    assert picture.image.mode == "RGB"
    assert (picture.width, picture.height) == picture.image.size == (64, 32)
    assert picture.mime == f"image/{format.lower()}"
    left, right = picture.image.getpixel((8, 16)), picture.image.getpixel((56, 16))
    assert left[0] > 240 > 30 > left[2] and right[2] > 240 > 30 > right[0]


def test_a_picture_is_turned_upright_and_sized_so() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = open_picture(encode(half_and_half(), "JPEG", exif=exif))
    assert (picture.width, picture.height) == picture.image.size == (32, 64)
    assert picture.image.getpixel((16, 8))[0] > 240, "the left became the top"


def test_the_camera_date_is_read() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2021:05:03 10:20:30"
    picture = open_picture(encode(half_and_half(), "JPEG", exif=exif))
    assert picture.shot.taken_at == datetime(2021, 5, 3, 10, 20, 30)


@pytest.mark.parametrize("date", ["0000:00:00 00:00:00", "yesterday", ""])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = date
    assert open_picture(encode(half_and_half(), "JPEG", exif=exif)).shot.taken_at is None


@pytest.mark.filterwarnings(r"ignore::UserWarning:PIL.*")
def test_broken_exif_does_not_hide_the_picture() -> None:
    data = encode(half_and_half(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")
    assert open_picture(data).image.size == (64, 32)


def test_transparency_lies_on_white() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert open_picture(encode(clear, "PNG")).image.getpixel((4, 4)) == (255, 255, 255)


def test_a_palette_with_transparency_lies_on_white() -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([10, 20, 30, 200, 100, 0])
    image.putpixel((0, 0), 1)
    opened = open_picture(encode(image, "PNG", transparency=bytes([0, 255]))).image
    assert opened.getpixel((4, 4)) == (255, 255, 255)
    assert opened.getpixel((0, 0)) == (200, 100, 0)


def test_sixteen_bits_keep_their_greys() -> None:
    ramp = Image.fromarray(np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, 256))
    shades = np.asarray(open_picture(encode(ramp, "PNG")).image)[0, :, 0]
    assert shades[0] == 0 and shades[-1] == 255 and abs(int(shades[128]) - 128) <= 1


def test_floating_point_greys_are_stretched() -> None:
    ramp = Image.fromarray(np.linspace(-3, 7, 64, dtype=np.float32).reshape(1, 64))
    shades = np.asarray(open_picture(encode(ramp, "TIFF")).image)[0, :, 0]
    assert shades[0] == 0 and shades[-1] == 255


def test_print_colours_become_screen_colours() -> None:
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    red, green, blue = open_picture(encode(cyan, "JPEG")).image.getpixel((8, 8))
    assert red < 30 and green > 220 and blue > 220


@pytest.mark.parametrize("format", ["GIF", "TIFF"])
def test_the_first_frame_is_the_picture(format: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = encode(frames[0], format, save_all=True, append_images=frames[1:])
    assert open_picture(data).image.getpixel((4, 4))[0] > 240


def test_a_truncated_picture_is_named_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "cut.jpg"
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    file.write_bytes(encode(Image.fromarray(noise), "JPEG")[:9000])
    with pytest.raises(UnreadableMedia, match=r"cut\.jpg.*truncated"):
        open_picture(file)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableMedia, match="the upload"):
        open_picture(data)


def test_a_bomb_is_refused_by_its_header() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    png += struct.pack(">I", zlib.crc32(chunk))
    png += b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(MediaTooLarge, match="more pixels than the 150000000"):
        open_picture(png)


def test_a_large_picture_is_reduced_but_its_size_remembered() -> None:
    picture = open_picture(encode(Image.new("RGB", (3000, 2000), "green"), "PNG"))
    assert (picture.width, picture.height) == (3000, 2000)
    assert picture.image.size == (576, SHORT_SIDE)


def test_a_ribbon_is_bounded_on_its_long_side() -> None:
    picture = open_picture(encode(Image.new("RGB", (20_000, 3), "green"), "PNG"))
    assert picture.image.size == (LONG_SIDE, 1)


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="No such file"):
        open_picture(tmp_path / "gone.png")
