"""Pictures opened: their kind, size and metadata known, their pixels mostly not decoded yet.

Sizes are read from headers and checked before a pixel is decoded.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from retrieval.decode.border import Source, decoding, demand_fewer_pixels, name_of, stream_of
from retrieval.decode.formats import HEAD, HEIF, PILLOW, is_raw, picture_type
from retrieval.errors import MediaTooLarge, UnreachableMedia, UnreadableMedia
from retrieval.settings import settings

# Flaws in metadata are of no consequence here, and a library writes nothing to stderr.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
# Pillow checks the pictures inside pictures too, as an icon's; up to twice its bound it warns.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture whose pixels are decoded when they are asked for."""

    image: Image.Image
    mime: str
    size: tuple[int, int]
    """Of the original, as it lies."""
    exif: Image.Exif | None = None
    """Where it is not in the image itself."""


@contextmanager
def opening(source: Source) -> Iterator[Opened]:
    """Open a picture; what is raised while it is open is raised as an error of ours.

    Raises MediaTooLarge for more than ``settings().max_pixels`` and UnreadableMedia for content
    that is damaged or of no format that is read.
    """
    Image.MAX_IMAGE_PIXELS = settings().max_pixels
    with decoding(source), ExitStack() as stack:
        stream = stream_of(source, stack)
        try:
            opened = _open(stream, source)
            demand_fewer_pixels(source, *opened.size)
            stack.callback(opened.image.close)
            yield opened
        except TOO_MANY_PIXELS as error:
            raise MediaTooLarge(
                f"{name_of(source)}: has more pixels than the {settings().max_pixels} that are "
                "decoded; raise TRIPTYCH_MAX_PIXELS to allow it"
            ) from error


def _open(stream: BinaryIO, source: Source) -> Opened:
    head = stream.read(HEAD)
    stream.seek(0)
    mime = picture_type(head, PurePath(name_of(source)).suffix.lower())
    if mime is None:
        raise UnreadableMedia(f"{name_of(source)}: {_refusal()}")
    if is_raw(mime):
        return _open_raw(stream, mime, source)
    if mime in HEIF:
        # By its class, not by a plug-in of the whole process, which others may have or not.
        from pillow_heif import HeifImageFile

        decoder: Callable[[BinaryIO], Image.Image] = HeifImageFile
        image = decoder(stream)
        return Opened(image, mime, image.size)
    try:
        image = Image.open(stream, formats=[PILLOW[mime]])
    except UnidentifiedImageError as error:
        raise UnreadableMedia(
            f"{name_of(source)}: is a damaged {PILLOW[mime]} file; get a whole copy of it"
        ) from error
    return Opened(image, mime, image.size)


def _open_raw(stream: BinaryIO, mime: str, source: Source) -> Opened:
    from retrieval.decode.raw import open_preview

    try:
        preview = open_preview(stream)
    except ImportError as error:
        raise UnreachableMedia(
            f"{name_of(source)}: raw files of cameras need one more package; "
            "run: pip install 'triptych[raw]'"
        ) from error
    return Opened(preview.image, mime, preview.size, preview.exif)


def _refusal() -> str:
    return f"not a picture that can be read; use {', '.join(sorted(PILLOW.values()))} or HEIF"
