"""Reads captioned photos and sets some of them aside.

A file says by itself which photos to hold out, or a share is drawn by the seed. Photos are held
out, never single captions: two captions of one photo on both sides would make figures too good.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import InvalidQuery
from retrieval.evaluation.captioned import Captioned, Row, gather, read_rows
from retrieval.evaluation.ranking import Flags, Ints

HELD_OUT = ("dev", "val", "validation")
LEFT_OUT = ("test",)
"""A test split is for the day when all is chosen."""
FORM = '{"image": "a.jpg", "en": ["A dog."]}'


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Photos, texts, and which text is of which photo."""

    photos: tuple[str, ...]
    """Paths, relative to the folder of the photos."""
    texts: tuple[str, ...]
    """Each once, however many photos it is of."""
    links: Ints
    """Rows of a photo and a text, [pairs, 2]."""
    held_out: Flags
    """Which photos are not trained on, [photos]."""

    def digest(self) -> str:
        """Tell these pairs from others."""
        said = json.dumps([self.photos, self.texts, self.links.tolist(), self.held_out.tolist()])
        return sha256(said.encode()).hexdigest()


def read_pairs(file: Path, keys: Sequence[str], share: float, seed: int) -> Pairs:
    """Read the captions of some fields, or of all where none is named.

    Raise InvalidQuery that names the line or field at fault.
    """
    rows = list(read_rows(file, FORM))
    splits = _splits(rows)
    captioned = gather(file, rows, list(dict.fromkeys(keys)) or _caption_fields(file, rows))
    kept = [i for i, photo in enumerate(captioned.photos) if splits[photo] not in LEFT_OUT]
    photos = tuple(captioned.photos[i] for i in kept)
    texts, links = _linked(captioned, kept)
    if not len(links):
        raise InvalidQuery(f"{file} has no captions outside its test split; name another file.")
    held_out = np.array([splits[photo] in HELD_OUT for photo in photos], np.bool_)
    if not held_out.any():
        held_out = _drawn(photos, share, seed)
    return Pairs(photos, texts, links, held_out)


def _split_of(where: str, row: dict[str, Any]) -> tuple[str, str | None]:
    photo, split = row.get("image"), row.get("split")
    if not isinstance(photo, str) or not photo:
        raise InvalidQuery(f"{where}: the field 'image' is not the name of a picture.")
    if not isinstance(split, str | None):
        raise InvalidQuery(f"{where}: the field 'split' is not a text, such as \"dev\".")
    return photo, split


def _splits(rows: Sequence[Row]) -> dict[str, str | None]:
    splits: dict[str, str | None] = {}
    for where, row in rows:
        photo, split = _split_of(where, row)
        if splits.setdefault(photo, split) != split:
            raise InvalidQuery(
                f"{where}: {photo} is also in the split {splits[photo]!r}; a photo is in one only."
            )
    return splits


def _caption_fields(file: Path, rows: Sequence[Row]) -> list[str]:
    """Name the first line's fields that hold lists, and on some line a list of something."""
    first = rows[0][1] if rows else {}
    fields = [key for key, value in first.items() if isinstance(value, list)]
    fields = [key for key in fields if any(row.get(key) for _, row in rows)]
    if not fields:
        raise InvalidQuery(f"{file} has no lists of captions; a line looks like {FORM}.")
    return fields


def _linked(captioned: Captioned, kept: Sequence[int]) -> tuple[tuple[str, ...], Ints]:
    photo_row = {photo: row for row, photo in enumerate(kept)}
    text_row: dict[str, int] = {}
    links = {
        (photo_row[owner], text_row.setdefault(text, len(text_row)))
        for field in captioned.fields
        for text, owner in zip(field.texts, field.owners, strict=True)
        if owner in photo_row and text.strip()
    }
    return tuple(text_row), np.array(sorted(links), np.int64).reshape(-1, 2)


def _drawn(photos: Sequence[str], share: float, seed: int) -> Flags:
    # By name, so that photos added later leave those held out where they were.
    order = sorted(photos, key=lambda photo: sha256(f"{seed}:{photo}".encode()).digest())
    chosen = set(order[: max(2, round(share * len(photos)))])
    return np.array([photo in chosen for photo in photos], np.bool_)
