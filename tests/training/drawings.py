"""Captioned drawings to train on: a dark shape somewhere on a coloured ground."""

from __future__ import annotations

import json
import random
from pathlib import Path

from PIL import Image, ImageDraw

from tests.fakes import COLOURS

SIDE = 64
PLACES = {
    "top left": (0.28, 0.28),
    "top right": (0.72, 0.28),
    "bottom left": (0.28, 0.72),
    "bottom right": (0.72, 0.72),
}
SHAPES = ("circle", "square", "triangle")
GROUNDS = [name for name in COLOURS if name not in {"black", "grey"}]


def draw(folder: Path, count: int, seed: int = 0) -> Path:
    """Draw pictures into ``folder/images``, and give the file of their captions beside it."""
    chance = random.Random(seed)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(count):
        ground, shape, place = (chance.choice(list(c)) for c in (GROUNDS, SHAPES, PLACES))
        _picture(ground, shape, place, chance).save(folder / "images" / f"{number}.png")
        captions = [f"a {shape} at the {place} on {ground}", f"{ground} ground, {shape} {place}"]
        lines.append({"image": f"{number}.png", "en": captions})
    return write(folder / "pairs.jsonl", lines)


def write(file: Path, lines: list[dict[str, object]]) -> Path:
    """Write a file of captions."""
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def _picture(ground: str, shape: str, place: str, chance: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), COLOURS[ground])
    pen = ImageDraw.Draw(image)
    x, y = (SIDE * (share + chance.uniform(-0.06, 0.06)) for share in PLACES[place])
    r = SIDE * chance.uniform(0.14, 0.2)
    if shape == "circle":
        pen.ellipse((x - r, y - r, x + r, y + r), "black")
    elif shape == "square":
        pen.rectangle((x - r, y - r, x + r, y + r), "black")
    else:
        pen.polygon([(x - r, y + r), (x + r, y + r), (x, y - r)], "black")
    return image
