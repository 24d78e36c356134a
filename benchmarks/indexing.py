"""Indexing pictures from end to end, beside the encoder alone and beside the plain way.

    python -m benchmarks.indexing --images PHOTOS
    python -m benchmarks.indexing --images PHOTOS --open-clip --megapixels 12

The encoder alone gets pictures that are decoded already. The plain way decodes them whole with
Pillow in one thread that is one batch ahead, and encodes in float32 with ONNX Runtime, as small
tools do. Lettering is not read unless asked for. All ways take turns over the same files, and the
best turn counts. ViT-B/32 has random weights: as fast as trained ones. Exporting it to ONNX needs
the package ``onnx``. With ``--megapixels`` photos are enlarged to what a phone takes.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np
import onnxruntime as ort
import open_clip
import torch
from PIL import Image, ImageOps
from safetensors.torch import save_file

from indexer.encoding import PICTURES
from indexer.run import index
from retrieval.decode.pictures import open_picture
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.encoders.registry import load_encoder
from retrieval.library import Library
from retrieval.search.everyday import keep_everyday

TURNS = 3
VIT = "ViT-B-32"
SIDE = 224
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


@click.command()
@click.option(
    "--images", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option(
    "--open-clip", "vit", is_flag=True, help="ViT-B/32 through open_clip, and the plain way."
)
@click.option("--megapixels", type=int, help="Enlarge the photos to so many.")
@click.option("--lettering", is_flag=True, help="Read the lettering in pictures too.")
@click.option("--limit", default=300, show_default=True, help="How many photos to take.")
def main(images: Path, vit: bool, megapixels: int | None, lettering: bool, limit: int) -> None:
    """Print pictures a second of every way, and how they compare."""
    os.environ["TRIPTYCH_LETTERING"] = "auto" if lettering else "off"
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        media = scratch / "media"
        media.mkdir()
        for file in sorted(images.glob("*.jpg"))[:limit]:
            _copy(file, media, megapixels)
        files = sorted(media.iterdir())
        decoded = [open_picture(file).image for file in files]
        encoder = load_encoder(_random_vit(scratch) if vit else "builtin")
        ways = {
            "encoder alone": lambda: _encode(encoder, decoded),
            "end to end": lambda: _index(encoder, media, scratch),
        }
        if vit:
            session = _exported(scratch)
            ways["the plain way"] = lambda: _plainly(session, files)
        rates = {way: len(files) / seconds for way, seconds in _best(ways).items()}
    for way, rate in rates.items():
        print(f"{way:16} {rate:8.1f} pictures/s; end to end is {rates['end to end'] / rate:.2f}×")


def _copy(file: Path, folder: Path, megapixels: int | None) -> None:
    if megapixels is None:
        shutil.copy(file, folder)
        return
    with Image.open(file) as small:
        scale = math.sqrt(megapixels * 1e6 / (small.width * small.height))
        size = round(small.width * scale), round(small.height * scale)
        large = small.convert("RGB").resize(size, Image.Resampling.BICUBIC)
        large.save(folder / file.name, quality=90)


def _best(ways: dict[str, Callable[[], float]]) -> dict[str, float]:
    best = dict.fromkeys(ways, np.inf)
    for _ in range(TURNS):
        for name, way in ways.items():
            best[name] = min(best[name], way())
    return best


def _encode(encoder: Encoder, images: Sequence[Image.Image]) -> float:
    begun = time.perf_counter()
    for start in range(0, len(images), PICTURES):
        encoder.encode_images(images[start : start + PICTURES])
    return time.perf_counter() - begun


def _index(encoder: Encoder, media: Path, scratch: Path) -> float:
    """Index into a new library, which is made before the clock starts."""
    with (
        tempfile.TemporaryDirectory(dir=scratch) as folder,
        Library.open(Path(folder), encoder) as library,
    ):
        keep_everyday(Path(folder), encoder)
        begun = time.perf_counter()
        report = index(library, [media])
        if report.failures:
            raise SystemExit(str(report.failures))
        return time.perf_counter() - begun


def _plainly(session: ort.InferenceSession, files: Sequence[Path]) -> float:
    begun = time.perf_counter()
    batches = [files[start : start + PICTURES] for start in range(0, len(files), PICTURES)]
    with ThreadPoolExecutor(1) as ahead:
        waiting = ahead.submit(_pixels, batches[0])
        for following in [*batches[1:], []]:
            pixels = waiting.result()
            waiting = ahead.submit(_pixels, following)
            session.run(None, {"pixels": pixels})
    return time.perf_counter() - begun


def _pixels(files: Sequence[Path]) -> Vectors:
    rows = [_prepared(file) for file in files]
    return np.stack(rows) if rows else np.empty((0, 3, SIDE, SIDE), np.float32)


def _prepared(file: Path) -> Vectors:
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    scale = SIDE / min(image.size)
    size = round(image.width * scale), round(image.height * scale)
    image = ImageOps.fit(image.resize(size, Image.Resampling.BICUBIC), (SIDE, SIDE))
    pixels: Vectors = (np.asarray(image, np.float32) / 255 - MEAN) / DEVIATION
    return pixels.transpose(2, 0, 1)


def _random_vit(scratch: Path) -> str:
    """Save ViT-B/32 with random weights where open_clip's encoder finds it."""
    network = open_clip.create_model(VIT)
    folder = scratch / VIT
    folder.mkdir()
    preprocessing = {"mean": MEAN.tolist(), "std": DEVIATION.tolist(), "interpolation": "bicubic"}
    config = {"model_cfg": open_clip.get_model_config(VIT), "preprocess_cfg": preprocessing}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    save_file(network.state_dict(), folder / "open_clip_model.safetensors")
    return f"openclip:local-dir:{folder}"


def _exported(scratch: Path) -> ort.InferenceSession:
    """Export the picture tower in float32."""
    tower = open_clip.create_model(VIT).visual.eval()
    file = scratch / "plain.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower,
            (torch.zeros(2, 3, SIDE, SIDE),),
            str(file),
            input_names=["pixels"],
            dynamic_axes={"pixels": {0: "pictures"}},
            dynamo=False,
        )
    return ort.InferenceSession(str(file), providers=["CPUExecutionProvider"])


if __name__ == "__main__":
    main()
