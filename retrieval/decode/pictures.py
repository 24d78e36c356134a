"""Pictures from files and uploads: upright, RGB, opaque and of bounded size.

A picture's size is read from its header and checked before a pixel is decoded. What is given back
is reduced to what encoders and thumbnails need, by the same filter for an indexed file and for a
query, so that both see the same pixels and many pictures fit into memory.
"""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from retrieval.decode.border import Source, decoding, name_of
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import settings

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
SHORT_SIDE = 512
"""No encoder looks at more of the shorter side than this."""
LONG_SIDE = 4096
LARGE = 30_000_000
"""Pixels beyond which pictures are decoded one at a time, so that threads do not fill memory."""

# Pillow's own bound is a process-wide warning; ours is a setting, checked for every picture.
Image.MAX_IMAGE_PIXELS = None
# Flaws in metadata are of no consequence here, and a library writes nothing to stderr.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
_LARGE = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture and what its file says of it."""

    image: Image.Image
    """Upright RGB, the shorter side reduced to ``SHORT_SIDE`` pixels where it was longer."""
    width: int
    height: int
    """The size of the upright original."""
    taken_at: datetime | None
    """What the camera's clock showed, with no time zone."""
    mime: str


def open_picture(source: Source) -> Picture:
    """Decode the first frame of a picture.

    Raises MediaTooLarge for more than ``settings().max_pixels`` and UnreadableMedia for content
    that is damaged or of another format.
    """
    with decoding(source):
        stream = BytesIO(source) if isinstance(source, bytes) else source
        with _recognised(stream, source) as opened:
            _check_size(opened, source)
            with _LARGE if opened.width * opened.height > LARGE else nullcontext():
                return _decode(opened)


def _recognised(stream: Path | BinaryIO, source: Source) -> ImageFile:
    try:
        return Image.open(stream, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnreadableMedia(
            f"{name_of(source)}: not a picture that can be read; use {', '.join(FORMATS)}"
        ) from error


def _decode(opened: ImageFile) -> Picture:
    opened.load()
    taken_at = _taken_at(opened)
    upright = _upright(opened)
    image = _reduced(_opaque(_eight_bit(upright)))
    return Picture(image, *upright.size, taken_at, Image.MIME[opened.format or ""])


def _check_size(image: Image.Image, source: Source) -> None:
    pixels, bound = image.width * image.height, settings().max_pixels
    if pixels > bound:
        raise MediaTooLarge(
            f"{name_of(source)}: {image.width}×{image.height} pixels are more than the "
            f"{bound} that are decoded; raise TRIPTYCH_MAX_PIXELS to allow it"
        )


def _upright(image: Image.Image) -> Image.Image:
    # Broken EXIF says nothing about the pixels, which are shown as they lie.
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image.copy()


def _taken_at(image: Image.Image) -> datetime | None:
    try:
        exif = image.getexif()
        original = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        written = str(original or exif.get(ExifTags.Base.DateTime))
        return datetime.strptime(written.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")
    except Exception:
        return None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Map 16-bit, 32-bit and floating-point greys to 0…255; Pillow alone would clip them."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, dtype=np.uint16) >> 8).astype(np.uint8))
    if image.mode not in {"I", "F"}:
        return image
    grey = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0, neginf=0)
    low, high = float(grey.min()), float(grey.max())
    if low < 0 or high > 255 or high <= 1:
        grey = (grey - low) * (255 / max(high - low, 1e-12))
    return Image.fromarray(grey.astype(np.uint8))


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _reduced(image: Image.Image) -> Image.Image:
    scale = min(1.0, SHORT_SIDE / min(image.size), LONG_SIDE / max(image.size))
    if scale == 1.0:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
