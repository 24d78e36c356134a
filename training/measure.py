"""Measure the shipped files on dev, through the class that the product uses."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retrieval.encoders.builtin import BuiltinEncoder
from training.banks import TextBank
from training.evaluate import Floats, line, recalls, sibling_recall
from training.features import CACHE
from training.meaning import unit
from training.photos import Photo, read_photos

LANGUAGES = ("en", "zh")


def captions(photos: list[Photo], key: str) -> tuple[list[str], NDArray[np.int64]]:
    """List the captions of one language and the photo that each belongs to."""
    pairs = [(text, i) for i, photo in enumerate(photos) for text in getattr(photo, key)]
    return [text for text, _ in pairs], np.array([i for _, i in pairs])


def encode_dev(encoder: BuiltinEncoder, photos: list[Photo]) -> dict[str, Floats]:
    """Encode the photos and both languages' captions, telling how fast."""
    start = time.monotonic()
    found = {"images": encoder.encode_images([Image.open(photo.path) for photo in photos])}
    print(f"{len(photos) / (time.monotonic() - start):.1f} images/s, opening them included")
    for key in LANGUAGES:
        texts, _ = captions(photos, key)
        start = time.monotonic()
        found[key] = encoder.encode_texts(texts)
        print(f"{len(texts) / (time.monotonic() - start):.1f} texts/s ({key})")
    return found


def within(photos: list[Photo], vectors: dict[str, Floats]) -> dict[str, list[float]]:
    """Measure text against text: the first English caption looks for its siblings."""
    _, english = captions(photos, "en")
    _, chinese = captions(photos, "zh")
    first = np.flatnonzero(np.diff(english, prepend=-1))
    queries = vectors["en"][first]
    same = english[None] == english[first][:, None]
    itself = np.arange(len(english))[None] == first[:, None]
    return {
        "en_to_en": sibling_recall(queries, vectors["en"], same & ~itself, itself),
        "en_to_zh": sibling_recall(
            queries, vectors["zh"], chinese[None] == english[first][:, None]
        ),
    }


def unseen_classes(encoder: BuiltinEncoder, photos: list[Photo]) -> dict[str, list[float]]:
    """Measure class names against photos of classes that no training photo showed."""
    names = sorted({photo.label for photo in photos})
    truth = np.array([names.index(photo.label) for photo in photos])
    images = encoder.encode_images([Image.open(photo.path) for photo in photos])
    texts = encoder.encode_texts([f"a photo of a {name}" for name in names])
    hits = images @ texts.T
    return {"top1": [float((hits.argmax(1) == truth).mean())]}


def speed(encoder: BuiltinEncoder) -> str:
    """Time one text and one picture, each alone."""
    picture, took = Image.new("RGB", (640, 480), "teal"), []
    for call in (lambda: encoder.encode_texts(["a dog in the snow"]),
                 lambda: encoder.encode_images([picture])):  # fmt: skip
        call()
        start = time.perf_counter()
        for _ in range(20):
            call()
        took.append((time.perf_counter() - start) * 50)
    return f"one text {took[0]:.1f} ms, one picture {took[1]:.1f} ms"


def main() -> None:
    """Print every figure that the model card gives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = parser.parse_args()
    encoder, photos = BuiltinEncoder(), read_photos(args.data)
    dev = [photo for photo in photos if photo.split == "dev"]
    ours = encode_dev(encoder, dev)
    for key in LANGUAGES:
        print(line(f"dev {key}", recalls(ours["images"], ours[key], captions(dev, key)[1])))
    bank = TextBank(CACHE / "texts")
    plain = {key: unit(bank.pool(captions(dev, key)[0])) for key in LANGUAGES}
    print(line("text to text, shipped", within(dev, ours)))
    print(line("text to text, plain e5", within(dev, plain)))
    unseen = [photo for photo in photos if photo.split == "unseen"]
    print(line(f"unseen classes, {len(unseen)} photos", unseen_classes(encoder, unseen)))
    print(speed(encoder))
    print(json.dumps({"fingerprint": encoder.fingerprint}))


if __name__ == "__main__":
    main()
