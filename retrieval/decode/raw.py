"""Raw files of cameras, by the preview that the camera put into them.

The preview is what its photographer saw. Where there is none, or too small a one, the sensor's data
are developed at half their size.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image
from PIL.ExifTags import Base

from retrieval.decode.camera import read_exif
from retrieval.decode.scaling import upright_size
from retrieval.settings import settings

if TYPE_CHECKING:
    from rawpy import RawPy

LEAST = 256
"""The shorter side that a preview must have."""
LIES = {3: 3, 5: 8, 6: 6}
"""How LibRaw says that the sensor lay, and how EXIF says it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A raw file as it may be shown."""

    image: Image.Image
    """Mostly a JPEG that is not decoded yet."""
    size: tuple[int, int]
    """Of the original, lying as the preview does."""
    exif: Image.Exif
    """Of the raw file or, where it has none, of the preview; its orientation is the preview's."""


def open_preview(stream: BinaryIO) -> Preview:
    """Open the preview of a raw file. Raise ImportError where rawpy is not installed."""
    import rawpy

    exif = _exif(stream)
    with rawpy.imread(stream) as raw:
        if raw.sizes.raw_width * raw.sizes.raw_height > settings().max_pixels:
            raise Image.DecompressionBombError
        lying, lies = (raw.sizes.width, raw.sizes.height), LIES.get(raw.sizes.flip, 1)
        upright = upright_size(lying, lies)
        image = _embedded(raw)
        if image is None or min(image.size) < min(LEAST, *lying):
            image, size, lies = _developed(raw), upright, 1
        # Some cameras turn what they embed.
        elif _is_tall(image.size) != _is_tall(lying):
            size, lies = upright, 1
        else:
            size = lying
    exif = exif or read_exif(image)
    exif[Base.Orientation] = lies
    return Preview(image, size, exif)


def _embedded(raw: RawPy) -> Image.Image | None:
    import rawpy

    try:
        preview = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if isinstance(preview.data, bytes):
        return Image.open(BytesIO(preview.data), formats=["JPEG"])
    return Image.fromarray(preview.data)


def _developed(raw: RawPy) -> Image.Image:
    return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True))


def _exif(stream: BinaryIO) -> Image.Exif:
    """Read the metadata of a raw file; of one that is no TIFF inside, there is none."""
    exif = Image.Exif()
    try:
        exif.load_from_fp(stream)
        exif.get(Base.Make)
    except Exception:
        exif = Image.Exif()
    stream.seek(0)
    return exif


def _is_tall(size: tuple[int, int]) -> bool:
    return size[1] > size[0]
