"""How fast pictures are decoded, beside decoding them whole, and what that changes for an encoder.

    python -m benchmarks.pictures --images PHOTOS --megapixels 12

Both ways take turns over the same bytes, with one thread and with two, and the best turn counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from indexer.thumbnails import LONG_SIDE
from retrieval.decode.pictures import open_picture

TURNS = 5
PLAIN_SIDE = 512
QUALITY, NOISE = 90, 3.0
"""Of enlarged photos, which without a sensor's noise would be easier to decode than real ones."""


def plainly(data: bytes) -> Image.Image:
    """Decode a picture whole, turn it, and make it small by Pillow's bicubic filter."""
    with Image.open(BytesIO(data)) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    scale = min(1.0, PLAIN_SIDE / min(image.size))
    size = round(image.width * scale), round(image.height * scale)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def ours(data: bytes) -> Image.Image:
    """Decode a picture as the indexer does."""
    return open_picture(data).image


WAYS: dict[str, Callable[[bytes], Image.Image]] = {"plain": plainly, "ours": ours}


@click.command()
@click.option(
    "--images", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option("--megapixels", type=float, help="Enlarge the photos to this many first.")
@click.option("--limit", default=24, show_default=True, help="How many photos to take.")
def main(images: Path, megapixels: float | None, limit: int) -> None:
    """Print pictures a second, what the parts take, and the shift of the built-in encoder."""
    files = sorted(images.glob("*.jpg"))[:limit]
    photos = [_enlarged(file, megapixels) if megapixels else file.read_bytes() for file in files]
    for threads in (1, 2):
        rates = _rates(photos, threads)
        print(
            f"{threads} thread(s): plain {rates['plain']:.1f}, ours {rates['ours']:.1f} "
            f"pictures/s, {rates['ours'] / rates['plain']:.2f}×"
        )
    for name, milliseconds in _parts(photos).items():
        print(f"{name:28} {milliseconds:7.2f} ms a picture")
    shift = _shift(photos)
    print(f"1 - cosine: median {np.median(shift):.5f}, largest {shift.max():.5f}")


def _enlarged(file: Path, megapixels: float) -> bytes:
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
    size = round(image.width * scale), round(image.height * scale)
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(0).normal(0, NOISE, (*pixels.shape[:2], 1))
    stream = BytesIO()
    noisy = Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
    noisy.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _rates(photos: Sequence[bytes], threads: int) -> dict[str, float]:
    best = dict.fromkeys(WAYS, np.inf)
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(TURNS):
            for name, way in WAYS.items():
                start = time.perf_counter()
                list(pool.map(way, photos))
                best[name] = min(best[name], time.perf_counter() - start)
    return {name: len(photos) / seconds for name, seconds in best.items()}


def _parts(photos: Sequence[bytes]) -> dict[str, float]:
    """Say what the work on a photo is made of, in milliseconds; the last are the thumbnail's."""
    decoded = [ours(photo) for photo in photos]
    small = [_fitted(image) for image in decoded]
    return {
        "header and EXIF": _milliseconds(_look_at, photos),
        "entropy decoding, an eighth": _milliseconds(_at_an_eighth, photos),
        "all of it": _milliseconds(ours, photos),
        "thumbnail: size": _milliseconds(_fitted, decoded),
        "thumbnail: WebP": _milliseconds(lambda i: _saved(i, "WEBP", 80, method=2), small),
        "thumbnail: JPEG instead": _milliseconds(lambda i: _saved(i, "JPEG", 80), small),
    }


def _look_at(data: bytes) -> None:
    with Image.open(BytesIO(data)) as opened:
        opened.getexif()


def _at_an_eighth(data: bytes) -> None:
    with Image.open(BytesIO(data)) as opened:
        opened.draft(None, (max(1, opened.width // 8), max(1, opened.height // 8)))
        opened.load()


def _fitted(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.HAMMING)
    return small


def _saved(image: Image.Image, format: str, quality: int, **options: int) -> None:
    image.save(BytesIO(), format, quality=quality, **options)


def _milliseconds(work: Callable[[Any], object], over: Sequence[Any]) -> float:
    best = np.inf
    for _ in range(TURNS):
        start = time.perf_counter()
        for one in over:
            work(one)
        best = min(best, time.perf_counter() - start)
    return float(1000 * best / len(over))


def _shift(photos: Sequence[bytes]) -> NDArray[np.float32]:
    from retrieval.encoders.builtin import BuiltinEncoder

    encoder = BuiltinEncoder()
    whole = [Image.open(BytesIO(photo)).convert("RGB") for photo in photos]
    one, other = encoder.encode_images(whole), encoder.encode_images([ours(p) for p in photos])
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    shift: NDArray[np.float32] = 1 - (one * other).sum(axis=1) / lengths
    return shift


if __name__ == "__main__":
    main()
