from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.decode.formats import PILLOW, RAW, SUFFIXES, is_raw, picture_type
from retrieval.decode.pictures import open_picture
from retrieval.errors import MediaTooLarge, UnreadableMedia
from tests.decode.test_pictures import encode, half_and_half

WRITTEN = {
    "AVIF": "image/avif",
    "BMP": "image/bmp",
    "DDS": "image/vnd-ms.dds",
    "GIF": "image/gif",
    "ICNS": "image/icns",
    "ICO": "image/vnd.microsoft.icon",
    "JPEG": "image/jpeg",
    "JPEG2000": "image/jp2",
    "MPO": "image/jpeg",
    "PCX": "image/vnd.zbrush.pcx",
    "PNG": "image/png",
    "PPM": "image/x-portable-anymap",
    "QOI": "image/qoi",
    "SGI": "image/sgi",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
}
"""What Pillow writes that is known by its bytes alone."""
TYPES = {*PILLOW, *RAW.values(), "image/heic", "image/heif", "image/x-dcraw"}


def heic(image: Image.Image, **options: object) -> bytes:
    from pillow_heif import from_pillow

    stream = BytesIO()
    from_pillow(image).save(stream, quality=90, **options)
    return stream.getvalue()


@pytest.mark.parametrize(("format", "mime"), WRITTEN.items())
def test_every_format_is_known_by_its_bytes_and_opens(format: str, mime: str) -> None:
    square = half_and_half().resize((64, 64))
    data = encode(square, format)
    picture = open_picture(data)
    assert picture_type(data) == picture.mime == mime
    assert picture.image.mode == "RGB"
    x, y = picture.image.width // 8, picture.image.height // 2
    left, right = (picture.image.getpixel((at, y)) for at in (x, 7 * x))
    assert left[0] > 220 > 40 > left[2] and right[2] > 220 > 40 > right[0]


def test_phones_pictures_open() -> None:
    picture = open_picture(heic(half_and_half()))
    assert (picture.mime, picture.image.size) == ("image/heic", (64, 32))
    assert picture.image.getpixel((8, 16))[0] > 220


def test_a_targa_is_known_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.tga"
    file.write_bytes(encode(half_and_half(), "TGA"))
    assert open_picture(file).mime == "image/x-tga"
    with pytest.raises(UnreadableMedia, match="not a picture that can be read"):
        open_picture(file.read_bytes())


@pytest.mark.parametrize("format", ["EPS", "PDF", "XBM", "SPIDER"])
def test_programs_and_oddities_are_refused(format: str) -> None:
    image = half_and_half().convert({"XBM": "1", "SPIDER": "F"}.get(format, "RGB"))
    with pytest.raises(UnreadableMedia, match="not a picture that can be read"):
        open_picture(encode(image, format))


def test_films_in_the_container_of_pictures_are_none() -> None:
    assert picture_type(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41") is None
    assert picture_type(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ") is None


def test_sentences_that_begin_like_pictures_are_none() -> None:
    for text in (b"BMW makes cars", b"P1 is a circuit", b"icy", b"RIFF-raff", b"II*"):
        assert picture_type(text.ljust(64, b".")) is None


@pytest.mark.parametrize(
    ("head", "suffix", "mime"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "", "image/x-canon-cr2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "", "image/x-canon-cr3"),
        (b"FUJIFILMCCD-RAW 0201", ".raf", "image/x-fuji-raf"),
        (b"IIU\0\x18\0\0\0", ".rw2", "image/x-panasonic-rw2"),
        (b"IIRO\x08\0\0\0", ".orf", "image/x-olympus-orf"),
        (b"MM\0*\0\0\0\x08\0\0", ".nef", "image/x-nikon-nef"),
        (b"II*\0\x08\0\0\0\0\0", ".arw", "image/x-sony-arw"),
    ],
)
def test_raw_files_are_not_taken_for_tiff(head: bytes, suffix: str, mime: str) -> None:
    assert picture_type(head, suffix) == mime
    assert is_raw(mime)


def test_a_tiff_with_a_small_first_page_and_a_camera_is_raw_unless_named_tiff() -> None:
    tags = Image.Exif()
    tags[254], tags[271] = 1, "NIKON CORPORATION"
    data = encode(half_and_half(), "TIFF", tiffinfo=dict(tags))
    assert picture_type(data) == "image/x-dcraw"
    assert picture_type(data, ".tif") == "image/tiff"


def test_an_icon_that_hides_a_bomb_is_refused() -> None:
    data = encode(Image.new("RGB", (256, 256)), "ICO", sizes=[(256, 256)])
    huge = encode(Image.new("1", (13_000, 13_000)), "PNG")
    at = data.index(b"\x89PNG")
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_PIXELS"):
        open_picture(data[:at] + huge)


@given(st.binary(max_size=400), st.sampled_from(["", *sorted(SUFFIXES)]))
def test_any_bytes_are_a_picture_or_none(head: bytes, suffix: str) -> None:
    assert picture_type(head, suffix) in {None, *TYPES}


@given(st.sampled_from([b"II*\0", b"MM\0*"]), st.binary(max_size=400))
def test_any_directory_is_read_or_passed_over(order: bytes, rest: bytes) -> None:
    assert picture_type(order + rest) in TYPES


@settings(deadline=None)
@given(
    st.sampled_from(sorted(WRITTEN)),
    st.integers(0, 3000),
    st.binary(min_size=1, max_size=40),
)
def test_damage_is_an_error_of_ours_or_does_no_harm(format: str, at: int, junk: bytes) -> None:
    data = bytearray(SAMPLES[format])
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        picture = open_picture(bytes(data))
    except UnreadableMedia:
        return
    assert picture.image.mode == "RGB"


SAMPLES = {name: encode(half_and_half().resize((64, 64)), name) for name in WRITTEN}
