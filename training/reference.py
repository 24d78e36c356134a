"""Make ``reference.npz``: vectors of unrelated training photos and texts, 256 of each.

A library of five items has no crowd to stand out from; these give it one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.encoders.builtin import FOLDER, BuiltinEncoder
from training.photos import Photo, read_photos
from training.sentences import SENTENCES

COUNT = 256
PHOTOS = {"flickr8k": 128, "imagenet-samples": 80, "ade20k_val": 48}


def choose_photos(photos: list[Photo], rng: np.random.Generator) -> list[Photo]:
    """Draw training photos of three sets, so that they are of every sort."""
    chosen = []
    for name, count in PHOTOS.items():
        rows = [p for p in photos if p.split == "train" and p.path.parts[-3] == name]
        chosen += [rows[i] for i in rng.choice(len(rows), count, replace=False)]
    return chosen


def choose_texts(photos: list[Photo], rng: np.random.Generator) -> list[str]:
    """Take our ordinary sentences and fill up with captions, half of them Chinese."""
    captioned = [p for p in photos if p.split == "train" and p.zh]
    rows = rng.choice(len(captioned), COUNT - len(SENTENCES), replace=False)
    captions = [(captioned[i].en if n % 2 else captioned[i].zh)[0] for n, i in enumerate(rows)]
    return [*SENTENCES, *captions]


def main() -> None:
    """Encode both with the shipped files and write them beside those."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = parser.parse_args()
    rng, photos, encoder = np.random.default_rng(0), read_photos(args.data), BuiltinEncoder()
    images = encoder.encode_images([Image.open(p.path) for p in choose_photos(photos, rng)])
    texts = encoder.encode_texts(choose_texts(photos, rng))
    np.savez_compressed(
        FOLDER / "reference.npz", images=images.astype(np.float16), texts=texts.astype(np.float16)
    )


if __name__ == "__main__":
    main()
