"""What is to be seen on a page, at a frame, or at a second of a film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.decode import stills
from retrieval.decode.film import read_film
from retrieval.decode.frames import open_frames
from retrieval.decode.looks import look_at
from retrieval.decode.pictures import SHORT_SIDE
from retrieval.errors import MediaTooLarge, UnreachableMedia, UnreadableMedia
from retrieval.settings import settings
from tests.decode.test_frames import moving, scanned
from tests.films import film
from tests.indexer.conftest import paint, print_pages, record
from tests.indexer.papers import picture, print_plates


def colour(image: Image.Image) -> tuple[int, ...]:
    return tuple(image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


@pytest.mark.parametrize(("codec", "keys"), [("mpeg4", 5), ("mpeg4", 7), ("mjpeg", 1)])
@pytest.mark.parametrize("name", ["film.mkv", "film.mp4", "film.avi"])
def test_every_scene_of_a_film_is_found_again(
    tmp_path: Path, name: str, codec: str, keys: int
) -> None:
    file = film(tmp_path / name, ["red", "blue", "green"], codec=codec, keys=keys)
    seen = read_film(file, 60.0)
    assert seen is not None and len(seen.scenes) == 3
    for scene in seen.scenes:
        again = look_at(file, None, scene.start, SHORT_SIDE)
        assert again.size == scene.picture.size
        assert np.abs(np.subtract(colour(again), colour(scene.picture))).max() < 8


def test_a_second_between_frames_and_one_beyond_the_end_show_the_nearest(tmp_path: Path) -> None:
    file = film(tmp_path / "film.mkv", ["red", "blue"], keys=300)
    assert colour(look_at(file, None, 1.234, SHORT_SIDE))[0] > 200
    assert colour(look_at(file, None, 3.0, SHORT_SIDE))[2] > 200
    assert colour(look_at(file, None, 99.0, SHORT_SIDE))[2] > 200


def test_a_moment_that_takes_long_to_reach_shows_what_is_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = film(tmp_path / "film.mkv", ["red", "blue"], keys=300)
    monkeypatch.setattr(stills, "SEEKING", -1.0)
    assert colour(look_at(file, None, 4.0, SHORT_SIDE))[0] > 200


def test_every_page_of_a_scan_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "scan.tif"
    file.write_bytes(scanned("red", "green", "blue"))
    _, frames = open_frames(file)
    for frame in frames:
        assert np.array_equal(look_at(file, frame.page, None, SHORT_SIDE), frame.image)
    assert np.array_equal(look_at(file, 9, None, SHORT_SIDE), frames[0].image)


def test_previews_between_pages_are_not_counted(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (64, 48), name) for name in ("red", "white", "blue")]
    pages[1].encoderinfo = {"tiffinfo": {254: 1}}
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    assert colour(look_at(tmp_path / "scan.tif", 2, None, SHORT_SIDE)) == (0, 0, 255)


def test_a_page_is_as_large_as_is_asked_for_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scan.tif"
    Image.new("RGB", (30, 20)).save(
        file, save_all=True, append_images=[Image.new("RGB", (3000, 2000), "red")]
    )
    assert look_at(file, 2, None, 1080).size == (1620, 1080)
    monkeypatch.setenv("TRIPTYCH_MAX_PIXELS", "5000000")
    settings.cache_clear()
    try:
        with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_PIXELS"):
            look_at(file, 2, None, 1080)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_frame_of_a_moving_picture_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "moving.gif"
    file.write_bytes(moving("GIF"))
    for frame in open_frames(file)[1]:
        assert np.array_equal(look_at(file, None, frame.start, SHORT_SIDE), frame.image)


def test_a_page_of_a_document_is_drawn(tmp_path: Path) -> None:
    file = print_plates(
        tmp_path / "plan.pdf", ("Words.", []), ("More.", [picture("green", 1200, 300)])
    )
    drawn = look_at(file, 2, None, 384)
    assert drawn.size == (384, 544)
    red, green, blue = colour(drawn)
    assert green > red + 5 and green > blue + 5


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match=r"plan\.pdf"):
        look_at(print_pages(tmp_path / "plan.pdf", "Words."), 7, None, 384)
    with pytest.raises(UnreadableMedia, match="shows nothing"):
        look_at(print_pages(tmp_path / "empty.pdf", ""), 1, None, 384)
    with pytest.raises(UnreadableMedia, match="nothing to be seen"):
        look_at(record(tmp_path / "talk.wav"), None, 0.5, 384)
    with pytest.raises(UnreachableMedia, match="No such file"):
        look_at(tmp_path / "gone.mkv", None, 0.5, 384)
    (tmp_path / "torn.mkv").write_bytes(paint(tmp_path / "red.png").read_bytes()[8:])
    with pytest.raises(UnreadableMedia, match=r"torn\.mkv"):
        look_at(tmp_path / "torn.mkv", None, 0.5, 384)
