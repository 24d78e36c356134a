"""Coloured sheets with captions in two languages, which the fake encoder can tell apart."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from tests.fakes import CHINESE, COLOURS


def write_sheets(folder: Path) -> Path:
    """Write a picture of each colour and the file of their captions, and give the latter.

    Grey is in another split. The black sheet's second caption misleads: it speaks of white.
    """
    chinese = {colour: word for word, colour in CHINESE.items()}
    rows = []
    for colour, rgb in COLOURS.items():
        Image.new("RGB", (48, 32), rgb).save(folder / f"{colour}.png")
        told = "white" if colour == "black" else colour
        rows.append(
            {
                "image": f"{colour}.png",
                "split": "train" if colour == "grey" else "dev",
                "en": [f"a {colour} sheet", f"{told} paper"],
                "zh": [f"{chinese[colour]}纸"],
            }
        )
    file = folder / "captions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file
