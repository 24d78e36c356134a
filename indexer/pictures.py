"""Picture files."""

from __future__ import annotations

from indexer.decoded import Decoded, Examined
from retrieval.decode.frames import open_frames
from retrieval.media import Content, Kind, Passage


def read_picture(examined: Examined) -> Decoded:
    """Read a picture: one passage or, where it moves or has pages, one for each that is kept."""
    picture, frames = open_frames(examined.file)
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
    passages = tuple(
        Passage(Kind.IMAGE, page=frame.page, start=frame.start, end=frame.end) for frame in frames
    )
    images = tuple(frame.image for frame in frames)
    return Decoded(examined, content, passages, images, picture.image)
