"""An explanation to lay over its picture: a veil that is clear where the picture matches.

It darkens rather than colours, so that what matches keeps its own colours, everybody sees the
difference, and it looks the same on a light and a dark page.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from retrieval.explain.occlusion import Numbers

SIDE = 192
"""Pixels of the longer side; whoever shows it scales it to the picture's size."""
COLOUR = (13, 17, 41)
DENSEST = 0.8
"""The veil's opacity where nothing matches."""


def draw_overlay(heat: Numbers, width: int, height: int) -> bytes:
    """Draw a PNG of a picture's proportions, transparent by ``heat``, ``[rows, columns]``."""
    scale = SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    veil = Image.fromarray(np.rint((1 - heat) * DENSEST * 255).astype(np.uint8))
    veil = veil.resize(size, Image.Resampling.BICUBIC)
    # Every colour of the palette is the same, and its number is its opacity.
    veil.putpalette(COLOUR * 256)
    file = BytesIO()
    veil.save(file, "PNG", transparency=bytes(range(256)), optimize=True)
    return file.getvalue()
