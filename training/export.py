"""Write the files that ship: both towers, tokenizer and configuration."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from retrieval.encoders.builtin import digest
from training.banks import TextBank
from training.e5 import PREFIX, read_e5
from training.ensemble import load_trained
from training.export_image import ImageTower, export_image
from training.export_text import WINDOW, export_text
from training.features import CACHE
from training.heads import DIM
from training.lite import SIZE, load_lite2
from training.meaning import fit_meaning


def write_config(folder: Path) -> None:
    """Write ``config.json`` and, once the rest is in place, its fingerprint."""
    config = {
        "name": "builtin", "revision": "1", "fingerprint": "", "dim": 2 * DIM,
        "text_window": WINDOW, "image_size": SIZE, "resize": "squash-bicubic", "prefix": PREFIX,
    }  # fmt: skip
    path = folder / "config.json"
    path.write_text(json.dumps(config, indent=2) + "\n")
    path.write_text(json.dumps(config | {"fingerprint": digest(folder)}, indent=2) + "\n")


def main() -> None:
    """Export everything but the reference vectors, which ``training.reference`` makes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image-weights", type=Path, required=True)
    parser.add_argument("--text-weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("retrieval/encoders/builtin_v1"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    bank, trunk, e5 = (
        TextBank(CACHE / "texts"),
        load_lite2(args.image_weights),
        read_e5(args.text_weights),
    )
    trained = load_trained(CACHE / "ensemble.pt", trunk, e5)
    meaning = fit_meaning(bank.pool(bank.learnable()), DIM)
    export_image(ImageTower(trunk, trained), args.out / "image.onnx")
    export_text(e5, trained, meaning, args.out / "text.onnx")
    shutil.copy(CACHE / "tokenizer.json", args.out)
    write_config(args.out)


if __name__ == "__main__":
    main()
