"""What is trained on: pairs with the vectors that the base encoder gives their photos and texts.

Everything is encoded once. What cannot be used, such as a photo that is missing or a caption that
is too long for the encoder, is left out with a reason; the pairs that remain must be enough.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL.Image import Image

from retrieval.decode.pictures import open_picture
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import TrainingError, TriptychError
from retrieval.evaluation.encoding import parts
from retrieval.evaluation.ranking import Ints
from retrieval.media import Failure
from retrieval.progress import Progress
from retrieval.settings import settings
from retrieval.training.pairs import Pairs
from retrieval.training.shards import Shard, Shards

PHOTOS, TEXTS = 64, 512
"""How many a shard holds."""
LEAST_PAIRS = 32
LEAST_HELD_OUT = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Pairs that can be used, and their vectors in the same order."""

    pairs: Pairs
    photos: Vectors
    texts: Vectors
    left_out: tuple[Failure, ...]

    @property
    def trained(self) -> Ints:
        """The links that are trained on."""
        return self.pairs.links[~self.pairs.held_out[self.pairs.links[:, 0]]]

    @property
    def validated(self) -> Ints:
        """The links of photos that are held out."""
        return self.pairs.links[self.pairs.held_out[self.pairs.links[:, 0]]]


def encode_pairs(
    encoder: Encoder, pairs: Pairs, folder: Path, shards: Shards, progress: Progress
) -> Material:
    """Encode photos and texts, leaving out what cannot be.

    Raise TrainingError where too little remains.
    """
    progress.total(len(pairs.photos) + len(pairs.texts))
    files = [folder / photo for photo in pairs.photos]
    texts = _sharded(
        shards, "texts", pairs.texts, TEXTS, lambda part: _texts(encoder, part), progress
    )
    stamps = [(photo, *_stamp(file)) for photo, file in zip(pairs.photos, files, strict=True)]
    photos = _sharded(
        shards,
        "photos",
        stamps,
        PHOTOS,
        lambda part: _photos(encoder, [folder / name for name, *_ in part]),
        progress,
    )
    material = _usable(pairs, photos, texts)
    _demand_enough(material)
    return material


def _sharded(
    shards: Shards,
    kind: str,
    entries: Sequence[T],
    size: int,
    encode: Callable[[Sequence[T]], Shard],
    progress: Progress,
) -> Shard:
    found = []
    for part in parts(entries, size):
        shard = shards.find(kind, part)
        if shard is None:
            shard = encode(part)
            shards.keep(kind, part, shard)
        found.append(shard)
        progress.advance(len(part))
    return Shard(
        np.vstack([shard.vectors for shard in found]),
        tuple(reason for shard in found for reason in shard.reasons),
    )


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return -1, -1
    return found.st_size, found.st_mtime_ns


def _photos(encoder: Encoder, files: Sequence[Path]) -> Shard:
    with ThreadPoolExecutor(settings().threads or os.cpu_count()) as pool:
        opened = list(pool.map(_open, files))
    reasons = [found if isinstance(found, str) else "" for found in opened]
    images = [found for found in opened if not isinstance(found, str)]
    return _laid_out(encoder.dim, encoder.encode_images(images) if images else None, reasons)


def _open(file: Path) -> Image | str:
    try:
        return open_picture(file).image
    except TriptychError as error:
        return str(error)


def _texts(encoder: Encoder, texts: Sequence[str]) -> Shard:
    window = encoder.text_window
    reasons = [
        f"takes {count} tokens, and {encoder.name} holds {window}" if count > window else ""
        for count in encoder.count_tokens(texts)
    ]
    short = [text for text, reason in zip(texts, reasons, strict=True) if not reason]
    return _laid_out(encoder.dim, encoder.encode_texts(short) if short else None, reasons)


def _laid_out(dim: int, vectors: Vectors | None, reasons: Sequence[str]) -> Shard:
    rows = np.zeros((len(reasons), dim), np.float32)
    shard = Shard(rows, tuple(reasons))
    if vectors is not None:
        rows[shard.usable] = vectors
    return shard


def _usable(pairs: Pairs, photos: Shard, texts: Shard) -> Material:
    """Take out photos and texts that have no vector, and photos left without a text."""
    kept = pairs.links[photos.usable[pairs.links[:, 0]] & texts.usable[pairs.links[:, 1]]]
    shown, said = np.unique(kept[:, 0]), np.unique(kept[:, 1])
    links = np.stack([np.searchsorted(shown, kept[:, 0]), np.searchsorted(said, kept[:, 1])], 1)
    remaining = Pairs(
        tuple(pairs.photos[i] for i in shown),
        tuple(pairs.texts[i] for i in said),
        links,
        pairs.held_out[shown],
    )
    left_out = [*_failures(pairs.photos, photos), *_failures(pairs.texts, texts)]
    return Material(remaining, photos.vectors[shown], texts.vectors[said], tuple(left_out))


def _failures(names: Sequence[str], shard: Shard) -> Iterator[Failure]:
    for name, reason in zip(names, shard.reasons, strict=True):
        if reason:
            yield Failure(name, reason)


def _demand_enough(material: Material) -> None:
    trained, held_out = len(material.trained), int(material.pairs.held_out.sum())
    if trained < LEAST_PAIRS or held_out < LEAST_HELD_OUT:
        raise TrainingError(
            f"{trained} pairs to train on and {held_out} photos held out remain, and "
            f"{LEAST_PAIRS} and {LEAST_HELD_OUT} are the least{_worst(material.left_out)}. "
            "Give more captioned pictures, check --images, or change --validate."
        )


def _worst(left_out: Sequence[Failure]) -> str:
    if not left_out:
        return ""
    first = left_out[0]
    return f"; {len(left_out)} could not be used, the first {first.path}: {first.reason}"
