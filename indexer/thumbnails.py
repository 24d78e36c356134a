"""Small pictures for result pages.

They are JPEGs: WebP saves a third of the bytes, but takes ten times as long to write, which is
longer than to decode the photo.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from retrieval.durable import replacing

LONG_SIDE = 480


def write_thumbnail(target: Path, picture: Image.Image) -> None:
    """Write a picture as JPEG, its longer side 480 pixels at most, unless it is there already."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    small = picture.copy()
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.HAMMING)
    with replacing(target) as temporary:
        small.save(temporary, "JPEG", quality=85)
