"""Measure the shipped files on dev, through the class that the product uses."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.evaluation.figures import Figures
from retrieval.evaluation.ranking import Outcomes, Owned, rank
from retrieval.training.validation import percent
from training.banks import TextBank
from training.dev import LANGUAGES, captions, classes, name_photos
from training.features import CACHE
from training.meaning import unit
from training.photos import Photo, read_photos


def encode_images(encoder: BuiltinEncoder, photos: list[Photo]) -> Owned:
    """Encode the photos, telling how fast."""
    start = time.monotonic()
    found = encoder.encode_images([Image.open(photo.path) for photo in photos])
    print(f"{len(photos) / (time.monotonic() - start):.1f} images/s, opening them included")
    return Owned(found, np.arange(len(photos)))


def encode_captions(encoder: BuiltinEncoder, photos: list[Photo], key: str) -> Owned:
    """Encode one language's captions, telling how fast."""
    texts, owners = captions(photos, key)
    start = time.monotonic()
    found = encoder.encode_texts(texts)
    print(f"{len(texts) / (time.monotonic() - start):.1f} texts/s ({key})")
    return Owned(found, owners)


def plain(bank: TextBank, photos: list[Photo], key: str) -> Owned:
    """Look up what e5 alone makes of one language's captions."""
    texts, owners = captions(photos, key)
    return Owned(unit(bank.pool(texts)), owners)


def among_texts(said: Mapping[str, Owned]) -> dict[str, Outcomes]:
    """Let each English caption look for its siblings, and for the Chinese ones of its photo."""
    return {
        "en→en": rank(said["en"], said["en"], among_themselves=True),
        "en→zh": rank(said["en"], said["zh"]),
    }


def tell(name: str, found: Mapping[str, Outcomes]) -> None:
    """Print recall@1/5/10 of some rankings."""
    ways = [f"{way} {percent(Figures.of(outcomes))} %" for way, outcomes in found.items()]
    print(f"{name}: {', '.join(ways)}")


def name_unseen(encoder: BuiltinEncoder, photos: list[Photo], among: list[Photo]) -> str:
    """Name photos of classes that no training photo showed, among the classes of some photos."""
    names, numbers = classes(among)
    of = dict(zip(among, numbers, strict=True))
    images = encoder.encode_images([Image.open(photo.path) for photo in photos])
    own = np.array([of[photo] for photo in photos])
    found = percent(name_photos(images, own, encoder.encode_texts(names)))
    return f"{len(photos)} photos of unseen classes find their name among {len(names)}: {found} %"


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
    dev, unseen = ([p for p in photos if p.split == name] for name in ("dev", "unseen"))
    images = encode_images(encoder, dev)
    said = {key: encode_captions(encoder, dev, key) for key in LANGUAGES}
    for key, texts in said.items():
        ways = {"text→image": rank(texts, images), "image→text": rank(images, texts)}
        tell(f"dev {key}", ways)
    bank = TextBank(CACHE / "texts")
    tell("text to text, shipped", among_texts(said))
    tell("text to text, plain e5", among_texts({key: plain(bank, dev, key) for key in LANGUAGES}))
    caltech = [photo for photo in photos if photo.path.parts[-3] == "caltech101"]
    print(name_unseen(encoder, unseen, unseen))
    print(name_unseen(encoder, unseen, caltech))
    print(speed(encoder))
    print(json.dumps({"fingerprint": encoder.fingerprint}))


if __name__ == "__main__":
    main()
