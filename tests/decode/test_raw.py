from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from retrieval.decode.formats import picture_type
from retrieval.decode.pictures import open_picture
from retrieval.errors import MediaTooLarge, UnreadableMedia
from tests.decode.negatives import dng
from tests.decode.test_pictures import half_and_half

pytest.importorskip("rawpy")


def preview(width: int = 400, height: int = 300) -> Image.Image:
    return half_and_half().resize((width, height))


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"), [(1, (640, 480), (20, 150)), (6, (480, 640), (150, 20))]
)
def test_a_raw_file_is_shown_by_its_preview_upright(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    picture = open_picture(dng(preview(), orientation))
    assert picture.mime == "image/x-adobe-dng"
    assert (picture.width, picture.height) == size, "of the sensor, not of the preview"
    assert sorted(picture.image.size) == [300, 400]
    assert (picture.image.width < picture.image.height) == (size[0] < size[1])
    assert picture.image.getpixel(red_at)[0] > 220


def test_a_preview_that_is_upright_already_is_not_turned_again() -> None:
    picture = open_picture(dng(preview(300, 400), 6))
    assert (picture.width, picture.height) == (480, 640)
    assert picture.image.size == (300, 400)
    assert picture.image.getpixel((20, 200))[0] > 220


@pytest.mark.parametrize("shown", [None, Image.new("RGB", (160, 120), "red")])
def test_without_a_preview_of_use_the_sensor_is_developed(shown: Image.Image | None) -> None:
    picture = open_picture(dng(shown, 6))
    assert (picture.width, picture.height) == (480, 640)
    assert picture.image.size == (240, 320)
    red, green, blue = picture.image.getpixel((100, 100))
    assert red == green == blue


def test_what_the_camera_says_is_read() -> None:
    shot = open_picture(dng(preview())).shot
    assert shot.camera == "Leica M10"
    assert shot.taken_at is not None and shot.taken_at.year == 2021


def test_a_raw_file_is_none_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.tif"
    file.write_bytes(dng(preview()))
    assert picture_type(file.read_bytes(), ".tif") == "image/x-adobe-dng"
    assert open_picture(file).image.size == (400, 300)


def test_without_the_package_the_reason_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rawpy", None)
    file = tmp_path / "a.dng"
    file.write_bytes(dng(preview()))
    with pytest.raises(UnreadableMedia, match=r"a\.dng: .*pip install 'triptych\[raw\]'"):
        open_picture(file)


def test_a_sensor_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval.settings import Settings

    monkeypatch.setattr("retrieval.decode.raw.settings", lambda: Settings(max_pixels=1000))
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_PIXELS"):
        open_picture(dng(preview()))


def test_a_broken_raw_file_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "a.nef"
    file.write_bytes(dng(preview())[:300])
    with pytest.raises(UnreadableMedia, match=r"a\.nef"):
        open_picture(file)
