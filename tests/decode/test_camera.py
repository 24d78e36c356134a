from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from retrieval.decode.camera import Shot, read_shot
from retrieval.decode.pictures import open_picture
from tests.decode.test_formats import heic
from tests.decode.test_pictures import encode, half_and_half

EXIF, GPS = 0x8769, 0x8825
BERN = {1: "N", 2: (46.0, 56.0, 52.8), 3: "E", 4: (7.0, 26.0, 50.64)}


def exif(
    original: str = "", make: object = "", model: object = "", gps: dict[int, Any] | None = None
) -> Image.Exif:
    fields = Image.Exif()
    if original:
        fields.get_ifd(EXIF)[0x9003] = original
    if make:
        fields[271] = make
    if model:
        fields[272] = model
    fields.get_ifd(GPS).update(gps or {})
    return fields


def shot(fields: Image.Exif) -> Shot:
    return read_shot(Image.new("L", (1, 1)), fields)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_what_a_camera_wrote_is_read_in_every_format(format: str) -> None:
    fields = exif("2021:05:03 10:20:30", "Canon", "Canon EOS R5", BERN)
    found = open_picture(encode(half_and_half(), format, exif=fields.tobytes())).shot
    assert found == Shot(datetime(2021, 5, 3, 10, 20, 30), "Canon EOS R5", 46.948, 7.4474)


def test_what_a_phone_wrote_is_read() -> None:
    fields = exif("2021:05:03 10:20:30", "Apple", "iPhone 12", BERN)
    fields[0x0112] = 6
    picture = open_picture(heic(half_and_half(), exif=fields.tobytes()))
    assert picture.shot == Shot(datetime(2021, 5, 3, 10, 20, 30), "Apple iPhone 12", 46.948, 7.4474)
    assert picture.image.size == (picture.width, picture.height) == (32, 64), "turned just once"
    assert picture.image.getpixel((16, 8))[0] > 220, "the left became the top"


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
        ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("FUJI PHOTO FILM CO., LTD.", "FinePix S5", "FUJI PHOTO FILM FinePix S5"),
        ("Canon\0\0", "  Canon   EOS 5D \0junk", "Canon EOS 5D"),
        ("", "DSC-W1", "DSC-W1"),
        ("Apple", "", "Apple"),
        (b"Leica\0", b"M10", "Leica M10"),
        ("Corporation", "X", "Corporation X"),
        ("a\nb\x1b[31m", "c", "a b [31m c"),
        (7, (1, 2), ""),
    ],
)
def test_make_and_model_are_named_once(make: object, model: object, camera: str) -> None:
    assert shot(exif(make=make, model=model)).camera == camera


def test_a_name_is_bounded() -> None:
    assert len(shot(exif(model="x" * 9000)).camera) == 80


def test_hemispheres_have_signs() -> None:
    found = shot(exif(gps={1: "S", 2: (33.0, 51.5, 0.0), 3: "w", 4: (151.0, 12.6, 0.0)}))
    assert (found.latitude, found.longitude) == (-33.858333, -151.21)


@pytest.mark.parametrize(
    "nonsense",
    [
        {1: "N", 2: (91.0, 0.0, 0.0)},
        {3: "E", 4: (181.0, 0.0, 0.0)},
        {2: (-5.0, 0.0, 0.0)},
        {2: (IFDRational(1, 0), 0.0, 0.0)},
        {2: (IFDRational(0, 0), 0.0, 0.0)},
        {2: ()},
        {2: "north"},
        {1: ""},
        {1: "E"},
        {1: b"\xff"},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_is_none_is_left_out(nonsense: dict[int, Any]) -> None:
    found = shot(exif(gps=BERN | nonsense))
    if nonsense == {2: ()}:
        assert found.latitude is None or -90 <= found.latitude <= 90
    else:
        assert (found.latitude, found.longitude) == (None, None)


def test_half_a_place_is_none() -> None:
    assert shot(exif(gps={1: "N", 2: (46.0, 0.0, 0.0)})) == Shot()


def test_the_camera_s_clock_counts_before_any_other() -> None:
    fields = exif("2021:05:03 10:20:30")
    fields[0x0132] = "2024:01:01 00:00:00"
    assert shot(fields).taken_at == datetime(2021, 5, 3, 10, 20, 30)
    del fields.get_ifd(EXIF)[0x9003]
    assert shot(fields).taken_at == datetime(2024, 1, 1)
    fields.get_ifd(EXIF)[0x9004] = "2022:02:02 02:02:02"
    assert shot(fields).taken_at == datetime(2022, 2, 2, 2, 2, 2)


@pytest.mark.parametrize(
    ("notes", "year"),
    [
        (
            b'exif:DateTimeOriginal="2019-07-01T12:30:00+02:00" xmp:CreateDate="2020-01-01T00:00"',
            2019,
        ),
        (b"<xmp:CreateDate>2020-01-01T00:00</xmp:CreateDate>", 2020),
        (b'photoshop:DateCreated="2018-99-01T12:30:00" xmp:CreateDate="2020-01-01T00:00"', 2020),
        (b"nothing", None),
    ],
)
def test_a_date_may_stand_in_xmp(notes: bytes, year: int | None) -> None:
    found = open_picture(encode(half_and_half(), "JPEG", xmp=notes)).shot.taken_at
    assert (found and found.year) == year


@given(
    st.dictionaries(
        st.integers(0, 5),
        st.one_of(st.text(), st.floats(), st.binary(), st.tuples(st.floats(), st.floats())),
    )
)
def test_any_gps_gives_a_place_on_earth_or_none(gps: dict[int, Any]) -> None:
    found = shot(exif(gps=gps))
    if found.latitude is None or found.longitude is None:
        assert found.latitude is found.longitude
    else:
        assert abs(found.latitude) <= 90 and abs(found.longitude) <= 180
