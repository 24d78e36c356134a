"""Pictures with words: print in Pillow's own typeface, and Chinese drawn stroke by stroke."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Stroke = tuple[float, float, float, float]
EXIT: tuple[tuple[Stroke, ...], ...] = (
    (
        (0.5, 0.05, 0.5, 0.9),
        (0.22, 0.15, 0.22, 0.45),
        (0.78, 0.15, 0.78, 0.45),
        (0.22, 0.45, 0.78, 0.45),
        (0.12, 0.55, 0.12, 0.9),
        (0.88, 0.55, 0.88, 0.9),
        (0.12, 0.9, 0.88, 0.9),
    ),
    (
        (0.18, 0.2, 0.82, 0.2),
        (0.18, 0.2, 0.18, 0.85),
        (0.82, 0.2, 0.82, 0.85),
        (0.18, 0.85, 0.82, 0.85),
    ),
)
"""The strokes of 出口, an exit, from x and y to x and y within a square of 1."""


def lettered(*lines: str, size: int = 40, width: int = 900, height: int = 600) -> Image.Image:
    """Print lines on paper, in black."""
    paper = Image.new("RGB", (width, height), "white")
    font = ImageFont.load_default(size)
    for row, line in enumerate(lines):
        place = (0.06 * width, 0.08 * height + 1.6 * row * size)
        ImageDraw.Draw(paper).text(place, line, fill="black", font=font)
    return paper


def exit_sign(side: int = 60) -> Image.Image:
    """Draw 出口 in white on green."""
    sign = Image.new("RGB", (5 * side, 3 * side), (0, 110, 60))
    draw = ImageDraw.Draw(sign)
    for place, strokes in enumerate(EXIT):
        for x, y, to_x, to_y in strokes:
            ends = [(x + place + 1.5, y + 1), (to_x + place + 1.5, to_y + 1)]
            draw.line([(a * side, b * side) for a, b in ends], "white", side // 12)
    return sign


def landscape(width: int = 800, height: int = 600) -> Image.Image:
    """Paint hills below a sky, with the grain of a photo."""
    rng = np.random.default_rng(5)
    x, y = np.meshgrid(np.linspace(0, 9, width), np.linspace(0, 1, height))
    hills = y > 0.55 + 0.12 * np.sin(x) + 0.05 * np.sin(3.1 * x)
    sky = np.stack([120 + 80 * y, 160 + 60 * y, 235 + 0 * y], axis=-1)
    ground = np.stack([60 + 30 * y, 120 - 40 * y, 50 + 0 * y], axis=-1)
    pixels = np.where(hills[..., None], ground, sky) + rng.normal(0, 9, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
