"""What strangers send is decoded apart where its decoder may fall."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from retrieval.decode.apart import Apart
from retrieval.decode.border import Source
from retrieval.decode.decoder import Guarded, Here
from retrieval.errors import UnreachableMedia, UnreadableMedia
from tests.decode.test_formats import heic
from tests.webui.conftest import tone

RED = Image.new("RGB", (60, 40), "red")


def png() -> bytes:
    stream = BytesIO()
    RED.save(stream, "PNG")
    return stream.getvalue()


class Watched(Apart):
    """Notes what is decoded in its processes."""

    def __init__(self) -> None:
        super().__init__(1)
        self.works: list[str] = []

    def decode(self, source: Source, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.works.append(work.__name__)
        return super().decode(source, work, *args, **kwargs)


@pytest.fixture(scope="module")
def shared() -> Iterator[Watched]:
    apart = Watched()
    yield apart
    apart.close()


@pytest.fixture
def apart(shared: Watched) -> Watched:
    shared.works.clear()
    return shared


def test_a_risky_picture_is_decoded_apart_and_looks_the_same(apart: Watched) -> None:
    data = heic(RED)
    there, here = Guarded(apart).open_picture(data, 20), Here().open_picture(data, 20)
    assert apart.works == ["open_picture"]
    assert np.array_equal(np.asarray(there.image), np.asarray(here.image))
    assert (there.width, there.height, there.mime) == (60, 40, here.mime)


def test_other_pictures_are_decoded_here(apart: Watched) -> None:
    assert Guarded(apart).open_picture(png()).mime == "image/png"
    assert apart.works == []


def test_a_frame_is_decoded_apart_by_what_its_file_holds(apart: Watched, tmp_path: Path) -> None:
    risky, plain = tmp_path / "plain.png", tmp_path / "risky.heic"
    risky.write_bytes(heic(RED))
    plain.write_bytes(png())
    for file in (risky, plain):
        red, green, _ = Guarded(apart).frame_at(file, None, None).getpixel((0, 0))
        assert red > 200 > green
    assert apart.works == ["frame_at"]


def test_sound_is_always_decoded_apart(apart: Watched, tmp_path: Path) -> None:
    data = tone(tmp_path / "talk.wav", seconds=1)
    sound = Guarded(apart).read_sound(data, 60.0)
    assert apart.works == ["read_sound"]
    assert np.array_equal(sound.samples, Here().read_sound(data, 60.0).samples)


def test_damage_is_told_as_it_would_be_here(apart: Watched, tmp_path: Path) -> None:
    torn = heic(RED)[:-40]
    with pytest.raises(UnreadableMedia, match="the upload"):
        Guarded(apart).open_picture(torn)
    with pytest.raises(UnreadableMedia, match="the upload"):
        Guarded(apart).read_sound(b"no sound", 60.0)
    with pytest.raises(UnreachableMedia, match=r"gone\.heic"):
        Guarded(apart).open_picture(tmp_path / "gone.heic")


def crash(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def test_a_decoder_that_crashes_costs_one_query() -> None:
    apart = Apart(1, patience=30.0)
    try:
        with pytest.raises(UnreadableMedia, match="the upload: its decoder crashed"):
            apart.decode(b"hostile", crash)
        assert Guarded(apart).open_picture(heic(RED)).mime == "image/heic"
    finally:
        apart.close()
