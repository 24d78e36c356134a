"""The photos to learn from and what is said of each, from the folders of the data README.

Labels become captions by template. Every tenth Caltech-101 class is held out: never trained on,
so that its photos tell how the encoder does on things it has not been shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LABELLED = ("imagenet-samples", "caltech101", "pacs", "clothing", "houses")
TEMPLATES = ("a photo of a {}", "{}", "a picture of the {}")
CALTECH_NAMES = {"Faces": "human face", "Motorbikes": "motorbike", "airplanes": "airplane"}


class Photo(NamedTuple):
    """One photo with its captions; ``label`` is set where all we know is a class."""

    path: Path
    split: str
    en: tuple[str, ...]
    zh: tuple[str, ...] = ()
    zh_machine: tuple[str, ...] = ()
    label: str = ""

    @property
    def captions(self) -> tuple[str, ...]:
        """Give all captions, of every language."""
        return self.en + self.zh + self.zh_machine


def read_photos(data: Path) -> list[Photo]:
    """List every photo; splits are train, dev (never trained on) and unseen (held-out classes)."""
    return [*_flickr(data / "flickr8k"), *_labelled(data), *_scenes(data / "ade20k_val"),
            *_grocery(data / "grocery")]  # fmt: skip


def _flickr(folder: Path) -> Iterator[Photo]:
    for line in (folder / "captions.jsonl").read_text().splitlines():
        row = json.loads(line)
        yield Photo(
            folder / "images" / row["image"],
            "dev" if row["split"] == "dev" else "train",
            *(tuple(text.strip() for text in row[key]) for key in ("en", "zh", "zh_machine")),
        )


def _labelled(data: Path) -> Iterator[Photo]:
    for name in LABELLED:
        rows = json.loads((data / name / "labels.json").read_text())
        classes = sorted({row["label"] for row in rows})
        held_out = set(classes[5::10]) if name == "caltech101" else set()
        for row in rows:
            label = class_name(row["label"])
            yield Photo(
                data / name / "images" / row["image"],
                "unseen" if row["label"] in held_out else "train",
                tuple(template.format(label) for template in TEMPLATES),
                label=label,
            )


def class_name(label: str) -> str:
    """Turn a label of the data sets into words."""
    return CALTECH_NAMES.get(label, label).replace("_", " ").lower()


def _scenes(folder: Path) -> Iterator[Photo]:
    for row in json.loads((folder / "labels.json").read_text()):
        names = [name for name, _ in row["objects"]][:6]
        listed = ", ".join(names)
        yield Photo(folder / "images" / row["image"], "train",
                    (f"a photo of {listed}", f"a scene with {', '.join(names[:3])}"))  # fmt: skip


def _grocery(folder: Path) -> Iterator[Photo]:
    for line in (folder / "captions.jsonl").read_text().splitlines():
        row = json.loads(line)
        name = row["en"][0].lower()
        yield Photo(folder / "images" / row["image"], "train",
                    (f"a photo of a {name}", name, f"a photo of {row['coarse'].lower()}"),
                    label=name)  # fmt: skip
