"""A film becomes a picture for every scene, not for every second."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av import VideoFrame
from av.stream import Disposition
from PIL import Image

from retrieval.decode import film as films
from retrieval.decode.containers import film_of, opening
from retrieval.decode.film import read_film
from retrieval.decode.stills import SHORT_SIDE
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import settings
from tests.decode.test_sound import encode
from tests.fakes import COLOURS
from tests.films import film

MINUTE = 60.0
films_frames = films.frames_of


def colours(file: Path, *, max_seconds: float = MINUTE) -> list[str]:
    """Name the colour of each scene."""
    found = read_film(file, max_seconds)
    assert found is not None
    named = np.array(list(COLOURS.values()))
    seen = [np.asarray(scene.picture).mean(axis=(0, 1)) for scene in found.scenes]
    return [list(COLOURS)[int(np.abs(named - colour).sum(axis=1).argmin())] for colour in seen]


def test_every_scene_is_seen_once(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", ["red", "blue", "red", "yellow"])
    assert colours(file) == ["red", "blue", "red", "yellow"]


def test_scenes_follow_each_other_to_the_end(tmp_path: Path) -> None:
    found = read_film(film(tmp_path / "a.mkv", ["red", "green", "white"]), MINUTE)
    assert found is not None
    assert [scene.start for scene in found.scenes] == pytest.approx([0, 3, 6], abs=0.11)
    assert all(one.end == other.start for one, other in pairwise(found.scenes))
    assert found.scenes[-1].end == pytest.approx(9, abs=0.2)
    assert (found.width, found.height) == (96, 64)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "avi", "mpg", "ts", "flv", "wmv"])
def test_containers(tmp_path: Path, suffix: str) -> None:
    codec = {"mpg": "mpeg2video", "flv": "flv1", "wmv": "wmv2"}.get(suffix, "mpeg4")
    names = ["red", "blue"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.films.RATE", 25)
        file = film(tmp_path / f"a.{suffix}", names, codec=codec)
    assert colours(file) == names


def test_where_frames_that_stand_by_themselves_are_rare_all_are_looked_at(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", ["red", "blue", "green"], 6, keys=600)
    assert colours(file) == ["red", "blue", "green"]


def test_looking_closer_ends_with_the_time_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "PATIENCE", 0.0)
    file = film(tmp_path / "a.mp4", ["red", "blue", "green"], 6, keys=600)
    assert colours(file) == ["red"]


def test_a_film_of_many_scenes_is_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "MOST", 4)
    file = film(tmp_path / "a.mp4", ["red", "blue"] * 8, 1.2, keys=2)
    found = read_film(file, MINUTE)
    assert found is not None and 2 <= len(found.scenes) <= 4
    assert found.scenes[-1].end == pytest.approx(16 * 1.2, abs=0.3)


def test_pictures_are_small_and_upright(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", ["red"], 1, size=(1600, 900))
    found = read_film(file, MINUTE)
    assert found is not None and (found.width, found.height) == (1600, 900)
    assert found.scenes[0].picture.size == (round(SHORT_SIDE * 16 / 9), SHORT_SIDE)


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mkv", ["red"], 1, size=(96, 64), aspect=Fraction(4, 3))
    found = read_film(file, MINUTE)
    assert found is not None and (found.width, found.height) == (128, 64)


def test_of_frames_that_all_stand_by_themselves_hardly_one_a_second_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "frames_of", lambda packets: count(films_frames(packets)))
    frames: list[float] = []

    def count(stream: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        for frame in stream:
            frames.append(frame.time)
            yield frame

    file = film(tmp_path / "a.avi", ["red", "blue", "green"], 4, keys=1, codec="mjpeg")
    assert colours(file) == ["red", "blue", "green"]
    assert len(frames) <= 13, "of 120"


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    assert read_film(encode("mp4", "aac"), MINUTE) is None


def test_a_cover_is_no_film(tmp_path: Path) -> None:
    with opening(film(tmp_path / "film.mp4", ["red"], 1)) as container:
        assert film_of(container) is not None
    assert read_film(covered(tmp_path / "song.mp4"), MINUTE) is None


def covered(file: Path) -> Path:
    """Write a song that comes with a picture."""
    with av.open(str(file), "w") as container:
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        picture = av.VideoFrame.from_image(Image.new("RGB", (64, 64), "red"))
        container.mux([*cover.encode(picture), *cover.encode(None)])
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.rate, silence.pts = 16_000, 0
        container.mux([*sound.encode(silence), *sound.encode(None)])
    return file


def test_a_film_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaTooLarge, match=r"a\.mp4: longer than the 2 seconds"):
        read_film(film(tmp_path / "a.mp4", ["red"]), 2)


def test_frames_beyond_the_bound_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = film(tmp_path / "a.mp4", ["red"], 1)
    monkeypatch.setenv("TRIPTYCH_MAX_PIXELS", "1000")
    settings.cache_clear()
    try:
        with pytest.raises(MediaTooLarge, match="96×64 pixels"):
            read_film(file, MINUTE)
    finally:
        settings.cache_clear()


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_a_film_that_was_cut_off_is_seen_as_far_as_it_goes(tmp_path: Path, keep: float) -> None:
    whole = film(tmp_path / "a.ts", ["red", "blue", "green", "yellow"], 3).read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole[: int(len(whole) * keep)])
    assert colours(cut) == ["red", "blue", "green", "yellow"][: 2 if keep == 0.5 else 4]


def test_a_film_without_its_index_is_a_failure(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", ["red", "blue"])
    file.write_bytes(file.read_bytes()[:900])
    with pytest.raises(UnreadableMedia, match=r"a\.mp4"):
        read_film(file, MINUTE)
