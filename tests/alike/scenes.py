"""Pictures that nobody took: coloured clouds, another for each seed, and what people do to them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from retrieval.alike.look import take_look
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind

SIZE = (480, 360)


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    cells = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), np.uint8)
    return Image.fromarray(cells).resize(size, Image.Resampling.BICUBIC)


def compressed(picture: Image.Image, quality: int = 30) -> Image.Image:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 20, height // 50, width, height - height // 25))


def captioned(picture: Image.Image) -> Image.Image:
    taller = Image.new("RGB", (picture.width, picture.height + picture.height // 8), "white")
    taller.paste(picture)
    ImageDraw.Draw(taller).text((9, picture.height + 9), "By the lake", fill="black")
    return taller


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "halved": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "compressed": compressed,
    "cropped": cropped,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
    "grey": lambda picture: ImageOps.grayscale(picture).convert("RGB"),
    "mirrored": ImageOps.mirror,
    "captioned": captioned,
}


def sketch(picture: Image.Image, content: int = 0) -> Sketch:
    pixels = picture.width * picture.height
    return Sketch(content, Kind.IMAGE, take_look(picture), pixels, pixels, None)
