"""Which regions of a picture match a query: those it matches less without, and that match alone.

Both are asked: what disturbs when it is covered need not match, and what matches by itself may be
anywhere. After the deletion and preservation games of Fong and Vedaldi, "Interpretable
Explanations of Black Boxes by Meaningful Perturbation", 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.explain.occlusion import FAINT, Numbers, falls, weigh

CELLS = 6
"""Regions along each side."""
WINDOW = 2
"""Regions along each side of what is covered at once."""
STEPS = CELLS - WINDOW + 1
LIKELY = 8
"""The windows whose covering costs most are also shown by themselves; the others do not matter."""
ENCODED = 1 + STEPS * STEPS + LIKELY
"""Pictures that one explanation has encoded, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """How much each region of a picture matters to a query."""

    heat: Numbers
    """``[rows, columns]``: 1 where it matches most, 0 where it does not."""
    fall: float
    """By how much the cosine falls when 1 is covered; 0 where no region stands out."""


def explain_picture(image: Image.Image, vector: Vectors, encoder: Encoder) -> Regions:
    """Find the regions of an upright RGB picture that match a unit vector, in two batches.

    Heat is the geometric mean of what is lost without a region and of how well it does alone.
    """
    windows, ground = _windows(), _ground(image)
    covered = [_cover(image, ground, window) for window in windows]
    similarities = encoder.encode_images([image, *covered]) @ vector
    parts = windows.reshape(len(windows), -1)
    # At the border fewer windows hide a region: those it lacks count as no fall, for the mean of
    # one or two is easily chance.
    fall = falls(similarities, parts) / np.float32(WINDOW**2)
    heat = weigh(fall)
    if heat.any():
        likely = np.argsort(similarities[1:], kind="stable")[:LIKELY]
        shown = [_cover(image, ground, ~window) for window in windows[likely]]
        alone = _standing(encoder.encode_images(shown) @ vector) @ parts[likely]
        heat = np.sqrt(heat * alone)
    hottest = int(heat.argmax())
    if not heat[hottest]:
        return Regions(np.zeros((CELLS, CELLS), np.float32), 0.0)
    return Regions((heat / heat[hottest]).reshape(CELLS, CELLS), float(fall[hottest]))


def _standing(similarities: Numbers) -> Numbers:
    """Say how far each stands above the weakest, or 1 of all where that is chance."""
    above = similarities - similarities.min()
    return above if above.max() >= FAINT else np.ones_like(above)


def _windows() -> NDArray[np.bool_]:
    """Mark the regions under each window, ``[windows, rows, columns]``."""
    cells, firsts = np.arange(CELLS), np.arange(STEPS)[:, None]
    under = (cells >= firsts) & (cells < firsts + WINDOW)
    windows: NDArray[np.bool_] = under[:, None, :, None] & under[None, :, None, :]
    return windows.reshape(-1, CELLS, CELLS)


def _ground(image: Image.Image) -> Image.Image:
    """Give a picture's mean colour in its size: it hides a region and shows as little as can be."""
    return image.resize((1, 1), Image.Resampling.BOX).resize(image.size)


def _cover(image: Image.Image, ground: Image.Image, window: NDArray[np.bool_]) -> Image.Image:
    mask = Image.fromarray(window.astype(np.uint8) * 255)
    return Image.composite(ground, image, mask.resize(image.size, Image.Resampling.NEAREST))
