"""Picture files."""

from __future__ import annotations

from indexer.decoded import Decoded, Examined
from retrieval.decode.pictures import open_picture
from retrieval.media import Content, Kind, Passage


def read_picture(examined: Examined) -> Decoded:
    """Read a picture: one passage, the picture as a whole."""
    picture = open_picture(examined.file)
    content = Content(
        hash=examined.hash,
        kind=Kind.IMAGE,
        mime=picture.mime,
        size=examined.found.size,
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
    )
    return Decoded(examined, content, (Passage(Kind.IMAGE),), (picture.image,), picture.image)
