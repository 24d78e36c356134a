"""Recordings and films, in one go: what is to be seen, and the sound in a file.

Hours of sound do not fit into memory, so they go to a file as 16-bit samples at ``RATE``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL.Image import Image

from retrieval.decode.border import name_of
from retrieval.decode.containers import is_cover, made_at, opening, title_of
from retrieval.decode.film import Film, read_film
from retrieval.decode.pictures import open_picture
from retrieval.decode.sound import RATE, stream_sound
from retrieval.errors import MediaTooLarge, UnreadableMedia

if TYPE_CHECKING:
    from av.container import InputContainer

LOUDEST = 32_767


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording or a film holds."""

    duration: float
    """Seconds."""
    title: str
    taken_at: datetime | None
    film: Film | None
    """Nothing for sound alone."""
    cover: Image | None
    """The picture that comes with a recording, or a film's longest scene."""


def open_recording(file: Path, samples: Path, max_seconds: float) -> Recording:
    """Decode a recording, its sound into the file ``samples``, which stays empty without sound.

    Raises MediaTooLarge for more than ``max_seconds`` and UnreadableMedia for content that is
    damaged, or in which there is nothing to be seen or heard.
    """
    with opening(file) as container:
        title, taken_at = title_of(container), made_at(container)
        cover, has_sound = _cover(container), bool(container.streams.audio)
    film = _film(file, max_seconds, has_sound)
    length = _write_sound(file, samples, max_seconds) if has_sound else 0
    if film is None and not length:
        raise UnreadableMedia(
            f"{name_of(file)}: nothing in it can be seen or heard; get a whole copy of it"
        )
    last = film.scenes[-1].end if film else 0.0
    duration = round(max(length / RATE, last), 3)
    return Recording(duration, title, taken_at, film, cover or _longest(film))


def _film(file: Path, max_seconds: float, has_sound: bool) -> Film | None:
    """See a film; where its pictures are damaged, what is said in it can still be heard."""
    try:
        return read_film(file, max_seconds)
    except MediaTooLarge:
        raise
    except UnreadableMedia:
        if has_sound:
            return None
        raise


def _write_sound(file: Path, samples: Path, max_seconds: float) -> int:
    length = 0
    with samples.open("wb") as out:
        for chunk in stream_sound(file, max_seconds):
            out.write((np.clip(chunk, -1, 1) * LOUDEST).astype("<i2").tobytes())
            length += len(chunk)
    return length


def _cover(container: InputContainer) -> Image | None:
    """Decode the picture that comes with a recording, if there is one that can be."""
    for stream in container.streams.video:
        if is_cover(stream):
            for packet in container.demux(stream):
                try:
                    return open_picture(bytes(packet)).image if packet.size else None
                except UnreadableMedia:
                    return None
    return None


def _longest(film: Film | None) -> Image | None:
    if film is None:
        return None
    return max(film.scenes, key=lambda scene: scene.end - scene.start).picture
