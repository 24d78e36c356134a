from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from retrieval.decode.colours import to_screen
from retrieval.decode.pictures import open_picture
from tests.decode.test_pictures import encode


def plain(colour: object, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (16, 16), colour)  # type: ignore[arg-type]


def shown(data: bytes) -> tuple[int, ...]:
    return open_picture(data).image.getpixel((8, 8))  # type: ignore[return-value]


def near(colour: tuple[int, ...], expected: tuple[int, ...], levels: int = 2) -> bool:
    return max(abs(a - b) for a, b in zip(colour, expected, strict=True)) <= levels


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (plain((255, 0, 0, 0), "RGBA"), (255, 255, 255)),
        (plain((0, 0, 0, 128), "RGBA"), (127, 127, 127)),
        (plain((0, 0), "LA"), (255, 255, 255)),
        (plain((10, 255), "LA"), (10, 10, 10)),
    ],
)
def test_transparency_lies_on_white(image: Image.Image, expected: tuple[int, ...]) -> None:
    assert shown(encode(image, "PNG")) == expected
    assert near(shown(encode(image, "WEBP", lossless=True, exact=True)), expected)


def test_a_colour_that_stands_for_nothing_is_white() -> None:
    assert shown(encode(plain((1, 2, 3)), "PNG", transparency=(1, 2, 3))) == (255, 255, 255)
    assert shown(encode(plain((9, 2, 3)), "PNG", transparency=(1, 2, 3))) == (9, 2, 3)


def test_a_palette_with_alpha_lies_on_white() -> None:
    image = plain((200, 100, 0, 0), "RGBA").quantize(2, Image.Quantize.FASTOCTREE)
    assert shown(encode(image, "PNG")) == (255, 255, 255)


@pytest.mark.parametrize(("bit", "expected"), [(0, (0, 0, 0)), (1, (255, 255, 255))])
def test_bits_are_black_and_white(bit: int, expected: tuple[int, ...]) -> None:
    assert shown(encode(plain(bit, "1"), "TIFF")) == expected


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_keep_their_greys(format: str) -> None:
    ramp = Image.fromarray(np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, 256))
    shades = np.asarray(open_picture(encode(ramp, format)).image)[0, :, 0]
    assert shades[0] == 0 and shades[-1] == 255 and abs(int(shades[128]) - 128) <= 1


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
@pytest.mark.parametrize(
    ("ink", "expected"), [((255, 0, 0, 0), (0, 255, 255)), ((0, 0, 0, 255), (0, 0, 0))]
)
def test_print_colours_become_screen_colours(
    format: str, ink: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """As Adobe writes them, inverted, in a JPEG; as they are in a TIFF."""
    assert near(shown(encode(plain(ink, "CMYK"), format)), expected, 6)


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_print_colours_follow_their_profile(format: str) -> None:
    """On a press whose cyan is a red ink: L 54, a 81, b 70."""
    options = {"quality": 100} if format == "JPEG" else {}
    data = encode(plain((255, 0, 0, 0), "CMYK"), format, icc_profile=odd_press(), **options)
    assert near(shown(data), (255, 0, 0), 8)


def test_lab_becomes_screen_colours() -> None:
    """L 54, a 81 and b 70, both counted from 128, are sRGB's red."""
    assert near(shown(encode(plain((137, 209, 198), "LAB"), "TIFF")), (255, 0, 0), 6)


def test_a_wide_gamut_is_brought_into_srgb() -> None:
    profile = display_p3()
    red, green, blue = shown(encode(plain((200, 100, 50)), "PNG", icc_profile=profile))
    assert red > 208 and green < 99 and blue < 45


def test_srgb_and_nonsense_change_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"nonsense", display_p3()[:200]):
        assert shown(encode(plain((200, 100, 50)), "PNG", icc_profile=profile)) == (200, 100, 50)


def test_a_profile_of_other_channels_changes_nothing() -> None:
    grey = plain(77, "L")
    assert to_screen(grey, display_p3()).getpixel((0, 0)) == (77, 77, 77)


def test_a_profile_does_not_outlive_its_conversion() -> None:
    image = open_picture(encode(plain((200, 100, 50)), "PNG", icc_profile=display_p3())).image
    stream = BytesIO()
    image.save(stream, "WEBP")
    with Image.open(stream) as kept:
        assert "icc_profile" not in kept.info


def display_p3() -> bytes:
    """Make a profile of wider primaries than sRGB's, with sRGB's own curves."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {
        b"rXYZ": (0.5151, 0.2412, -0.0011),
        b"gXYZ": (0.2920, 0.6922, 0.0419),
        b"bXYZ": (0.1571, 0.0666, 0.7841),
    }
    for entry in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12):
        name, at = bytes(profile[entry : entry + 4]), int.from_bytes(profile[entry + 4 : entry + 8])
        for i, value in enumerate(primaries.get(name, ())):
            start = at + 8 + 4 * i
            profile[start : start + 4] = round(value * 65536).to_bytes(4, signed=True)
    return bytes(profile)


def odd_press() -> bytes:
    """Make a profile of a press (ICC.1:2001, lut8Type) whose every ink is white but for cyan."""
    ramp = bytes(range(256))
    white, red = bytes((255, 128, 128)), bytes((137, 209, 198))
    unit = b"".join(struct.pack(">i", 65536 * (i % 4 == 0)) for i in range(9))
    colours = white * 8 + red * 8  # the first ink's grid varies slowest
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + unit + ramp * 4 + colours + ramp * 3
    body = struct.pack(">I4sII", 1, b"A2B0", 144, len(lut)) + lut
    header = bytearray(128)
    header[0:4] = struct.pack(">I", 128 + len(body))
    header[8:12], header[12:24] = b"\x02\x40\0\0", b"prtrCMYKLab "
    header[36:40], header[68:80] = b"acsp", struct.pack(">3i", 63190, 65536, 54061)
    return bytes(header) + body
