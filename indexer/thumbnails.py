"""Small pictures for result pages.

They are JPEGs: WebP saves a third of the bytes, but takes ten times as long to write, which is
longer than to decode the photo.
"""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image

from retrieval.disk import room_in
from retrieval.durable import replacing

LONG_SIDE = 480


def copy_thumbnail(source: Path, target: Path) -> None:
    """Write what another content looks like as this one's looks, unless it is there already."""
    if source != target and source.exists() and not target.exists():
        with room_in(target.parent.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as temporary:
                shutil.copyfile(source, temporary)


def write_thumbnail(target: Path, picture: Image.Image) -> None:
    """Write a picture as JPEG, its longer side 480 pixels at most, unless it is there already."""
    if target.exists():
        return
    small = picture.copy()
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.HAMMING)
    # In memory first: Pillow does not say why it could not write.
    written = BytesIO()
    small.save(written, "JPEG", quality=85)
    with room_in(target.parent.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as temporary:
            temporary.write_bytes(written.getbuffer())
