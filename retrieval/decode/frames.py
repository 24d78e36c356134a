"""The frames of moving pictures and the pages of scanned ones.

However long a picture moves, a handful of its frames is kept, spread over its time. Frames are
decoded one after the other, as most build on those before, and no more pixels in all than a single
picture may have. A file that breaks off shows what came before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retrieval.decode.border import Source, demand_fewer_pixels
from retrieval.decode.camera import read_exif
from retrieval.decode.lettering import end_of_reading
from retrieval.decode.opening import opening
from retrieval.decode.pictures import SHORT_SIDE, Picture, Read, decode, render
from retrieval.decode.scaling import (
    legible_size,
    make_small,
    orientation,
    reduced_size,
    turn_upright,
)
from retrieval.settings import settings

FRAMES = 4
"""Frames of a moving picture that are kept, at most."""
PAGES = 64
"""Pages that are kept, the first ones."""
MOST_PIXELS = 16_000_000
"""Of pages that are kept: as many as of sixty sheets of paper."""
LOOKED_AT = 2_000
"""Frames or pages that are looked at."""
MOVING = frozenset({"image/gif", "image/webp", "image/png", "image/avif"})
UNSAID = 0.1
"""Seconds that browsers show a frame for, if it does not say."""
GLANCE = 16
ALIKE = 4.0
"""Mean difference, of 255 levels on a grid of GLANCE by GLANCE, below which two look the same."""
SUBFILE, NO_PAGE = 254, 1 | 4
"""A TIFF's tag and what it says of a page that is a preview or a mask of another."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture within a picture file."""

    image: Image.Image
    """As ``Picture.image``."""
    page: int | None = None
    """From 1."""
    start: float | None = None
    end: float | None = None
    """Seconds from the beginning."""
    lettering: str = ""
    """As ``Picture.lettering``; of moving pictures only the first is read."""


def open_frames(source: Source, read: Read | None = None) -> tuple[Picture, tuple[Frame, ...]]:
    """Decode a picture and its frames or pages, the first of which is the picture itself.

    Raises as ``open_picture``.
    """
    with opening(source) as opened:
        picture = decode(opened, SHORT_SIDE, read)
        frames = [Frame(picture.image, lettering=picture.lettering)]
        if opened.mime == "image/tiff":
            frames = _pages(opened.image, picture, read)
        elif opened.mime in MOVING:
            frames = _moments(opened.image, picture)
        return picture, tuple(frames)


def frame_at(
    source: Source, page: int | None, start: float | None, short_side: int = SHORT_SIDE
) -> Image.Image:
    """Decode the page, or the frame that is shown from a second on, that ``open_frames`` gave.

    Frames of moving pictures have the size that they had there. Raises as ``open_picture``.
    """
    if start is not None:
        picture, frames = open_frames(source)
        return next((f.image for f in frames if f.start == start), picture.image)
    with opening(source) as opened:
        if page and opened.mime == "image/tiff" and _turn_to(opened.image, page, source):
            return render(opened.image, reduced_size(opened.image.size, short_side))
        return decode(opened, short_side).image


def _turn_to(image: Image.Image, page: int, source: Source) -> bool:
    """Decode a page after the first, if there is one of that number."""
    before = page - 1
    for number in range(1, LOOKED_AT if before else 0):
        try:
            image.seek(number)
        except EOFError:
            break
        before -= not _is_no_page(image)
        if not before:
            demand_fewer_pixels(source, *image.size)
            image.load()
            return True
    image.seek(0)
    return False


def _pages(image: Image.Image, picture: Picture, read: Read | None) -> list[Frame]:
    pages = [Frame(picture.image, lettering=picture.lettering)]
    until = end_of_reading()
    for _ in _further(image):
        held = sum(page.image.width * page.image.height for page in pages)
        fits = len(pages) < PAGES and held < MOST_PIXELS
        if fits and not _is_no_page(image):
            pages.append(_page(image, read if monotonic() < until else None))
    if len(pages) == 1:
        return pages
    return [replace(page, page=number) for number, page in enumerate(pages, 1)]


def _is_no_page(image: Image.Image) -> bool:
    return bool(getattr(image, "tag_v2", {}).get(SUBFILE, 0) & NO_PAGE)


def _page(image: Image.Image, read: Read | None) -> Frame:
    size = reduced_size(image.size, SHORT_SIDE)
    if read is None:
        return Frame(render(image, size))
    legible = render(image, legible_size(image.size, size))
    return Frame(make_small(legible, size, None), lettering=read(legible))


def _moments(image: Image.Image, picture: Picture) -> list[Frame]:
    """Keep every frame, then every second one, then every fourth, as they become too many."""
    lies = orientation(read_exif(image))
    first = Frame(picture.image, start=0.0, lettering=picture.lettering)
    kept, stride, clock = [first], 1, _seconds(image)
    for number in _further(image):
        if number % stride == 0:
            shown = render(image, reduced_size(image.size, SHORT_SIDE))
            kept.append(Frame(turn_upright(shown, lies), start=round(clock, 3)))
        if len(kept) > 2 * FRAMES:
            kept, stride = kept[::2], 2 * stride
        clock += _seconds(image)
    return _spread(_distinct(kept), round(clock, 3))


def _further(image: Image.Image) -> Iterator[int]:
    """Step from frame to frame, until the file ends or breaks off or was looked at for long."""
    left = settings().max_pixels - image.width * image.height
    for number in range(1, LOOKED_AT):
        # What comes after damage is lost, whatever the decoder says of it; a plain end is EOFError.
        try:
            image.seek(number)
            left -= image.width * image.height
            if left < 0:
                return
            image.load()
        except Exception:
            return
        yield number


def _seconds(image: Image.Image) -> float:
    said = image.info.get("duration")
    return said / 1000 if isinstance(said, int | float) and 0 < said < float("inf") else UNSAID


def _distinct(frames: list[Frame]) -> list[Frame]:
    """Leave out frames that look like an earlier one."""
    chosen: list[Frame] = []
    seen: list[NDArray[np.float32]] = []
    for frame in frames:
        small = frame.image.resize((GLANCE, GLANCE), Image.Resampling.BOX)
        look = np.asarray(small, np.float32)
        if all(np.abs(look - other).mean() >= ALIKE for other in seen):
            chosen.append(frame)
            seen.append(look)
    return chosen


def _spread(frames: list[Frame], end: float) -> list[Frame]:
    """Choose FRAMES at most; each lasts until the next."""
    count = min(FRAMES, len(frames))
    if count == 1:
        return [replace(frames[0], start=None)]
    chosen = [frames[i * len(frames) // count] for i in range(count)]
    ends = [*(frame.start for frame in chosen[1:]), end]
    return [replace(frame, end=until) for frame, until in zip(chosen, ends, strict=True)]
