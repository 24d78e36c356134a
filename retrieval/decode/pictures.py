"""Pictures from files and uploads: upright, in sRGB, opaque and of bounded size.

What is given back is reduced to what encoders and thumbnails need, in the same way for an indexed
file and for a query, so that both see the same pixels and many pictures fit into memory.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Lock

from PIL import Image

from retrieval.decode.border import Source
from retrieval.decode.camera import Shot, read_exif, read_shot
from retrieval.decode.colours import to_plain, to_screen
from retrieval.decode.opening import Opened, opening
from retrieval.decode.scaling import (
    Box,
    begin_small,
    legible_size,
    make_small,
    orientation,
    reduced_size,
    turn_upright,
    upright_size,
)

SHORT_SIDE = 384
"""No encoder that Triptych recommends looks at more of the shorter side than this."""
LARGE = 30_000_000
"""Pixels beyond which pictures are decoded one at a time, so that threads do not fill memory."""
_LARGE = Lock()

Read = Callable[[Image.Image], str]
"""Writes down the lettering in an upright RGB picture; see ``retrieval.decode.lettering``."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture and what its file says of it."""

    image: Image.Image
    """Upright RGB, the shorter side reduced to the length asked for where it was much longer."""
    width: int
    height: int
    """The size of the upright original."""
    shot: Shot
    mime: str
    lettering: str = ""
    """What is written in it, if it was read."""


def open_picture(source: Source, short_side: int = SHORT_SIDE, read: Read | None = None) -> Picture:
    """Decode a picture, of several frames the first, and have its lettering read.

    Raises MediaTooLarge for more than ``settings().max_pixels`` and UnreadableMedia for content
    that is damaged or of a format that is not read.
    """
    with opening(source) as opened:
        return decode(opened, short_side, read)


def decode(opened: Opened, short_side: int, read: Read | None = None) -> Picture:
    """Decode an opened picture once, as large as it is needed."""
    size = reduced_size(opened.size, short_side)
    needed = legible_size(opened.size, size) if read else size
    box = begin_small(opened.image, needed)
    with _room_for(opened):
        image = render(opened.image, needed, box)
    # TIFF files are turned by their decoder, and no longer say then that they lie.
    exif = read_exif(opened.image) if opened.exif is None else opened.exif
    lies = orientation(exif)
    shot = read_shot(opened.image, exif)
    width, height = upright_size(opened.size, lies)
    upright = turn_upright(image, lies)
    lettering = read(upright) if read else ""
    small = make_small(upright, upright_size(size, lies), None)
    return Picture(small, width, height, shot, opened.mime, lettering)


def render(image: Image.Image, size: tuple[int, int], box: Box | None = None) -> Image.Image:
    """Decode the pixels of an opened picture's frame, in the colours of a screen, to a size."""
    image.load()
    profile = image.info.get("icc_profile")
    shown = to_screen(make_small(to_plain(image), size, box), profile)
    # The file is closed, or goes on to its next frame; its profile no longer holds.
    shown = shown.copy() if shown is image else shown
    shown.info = {}
    return shown


def _room_for(opened: Opened) -> AbstractContextManager[object]:
    """Wait until no other large picture is decoded, if this is one."""
    image = opened.image
    # A progressive JPEG is held whole, however small it is decoded.
    size = opened.size if image.info.get("progressive") else image.size
    return _LARGE if size[0] * size[1] > LARGE else nullcontext()
