"""What a picture looks like in sixteen colours: enough to stand for it until it has come.

Made from its look, which the catalog has anyway; what has no look has no glimpse.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.alike.look import COLOURED, SIDE, looks_of, read_looks
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind

ACROSS = 4
"""Colours on a side."""

FROM_CB = np.array([0, -0.344136, 1.772], np.float32)
FROM_CR = np.array([1.402, -0.714136, 0], np.float32)
"""What a unit of Cb and Cr adds to red, green and blue (JFIF 1.02)."""


def take_glimpses(sketches: Mapping[int, Sketch]) -> dict[int, bytes]:
    """Give what pictures look like: ACROSS rows of as many colours, red, green, blue, 0…255.

    They come under the numbers of their sketches; what is no picture is left out.
    """
    pictures = {content: s.data for content, s in sketches.items() if s.kind is Kind.IMAGE}
    if not pictures:
        return {}
    looks = looks_of(read_looks(list(pictures.values())))
    grey = looks.greys.reshape(-1, ACROSS, SIDE // ACROSS, ACROSS, SIDE // ACROSS).mean((2, 4))
    tint = looks.colours.reshape(
        -1, 2, ACROSS, COLOURED // ACROSS, ACROSS, COLOURED // ACROSS
    ).mean((3, 5))
    colours = grey[..., None] + tint[:, 0, ..., None] * FROM_CB + tint[:, 1, ..., None] * FROM_CR
    pixels = np.rint(colours).clip(0, 255).astype(np.uint8)
    return {content: row.tobytes() for content, row in zip(pictures, pixels, strict=True)}
