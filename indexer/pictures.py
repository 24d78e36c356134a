"""Picture files: what they show, and what is written in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.decoded import Decoded, Examined
from retrieval.decode.frames import Frame, open_frames
from retrieval.decode.lettering import reader_of_lettering
from retrieval.decode.pictures import Picture
from retrieval.encoders.protocol import Encoder
from retrieval.media import Content, Kind, Passage
from retrieval.split import split


def open_pictures(file: Path) -> tuple[Picture, tuple[Frame, ...]]:
    """Decode a picture file and read its lettering; no encoder is needed for that.

    What is given can be pickled. Raises UnreadableMedia for a damaged file, MediaTooLarge beyond
    the settings' bounds and ModelUnavailable where the models that read cannot be opened.
    """
    return open_frames(file, reader_of_lettering())


def read_picture(
    examined: Examined, picture: Picture, frames: Sequence[Frame], encoder: Encoder
) -> Decoded:
    """Cut an opened picture into passages: each frame that is kept, and what is written there."""
    shot = picture.shot
    content = Content(
        hash=examined.hash,
        kind=Kind.IMAGE,
        mime=picture.mime,
        size=examined.found.size,
        width=picture.width,
        height=picture.height,
        taken_at=shot.taken_at,
        camera=shot.camera,
        latitude=shot.latitude,
        longitude=shot.longitude,
    )
    passages = tuple(passage for frame in frames for passage in _passages(frame, encoder))
    images = tuple(frame.image for frame in frames)
    return Decoded(examined, content, passages, images, picture.image)


def _passages(frame: Frame, encoder: Encoder) -> Iterator[Passage]:
    """Give the looks of a frame, and windows of its lettering."""
    page, text = frame.page, frame.lettering
    yield Passage(Kind.IMAGE, page=page, start=frame.start, end=frame.end)
    for start, end in split(text, encoder):
        yield Passage(Kind.TEXT, text[start:end], page, start, end, frame.start, frame.end)
