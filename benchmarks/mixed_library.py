"""A library of Flickr8k's dev photos, of captions as documents and of captions read aloud.

Every photo has a document, its second caption, in English and Chinese by turns; the first
``SPOKEN`` photos have a recording, their third English caption, if anything was heard in it. The
first captions in both languages and the photos themselves are the queries; what belongs to the same
photo answers them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import offtopic
from benchmarks.spoken import transcripts
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.media import Kind
from retrieval.speech.transcriber import Transcriber

Rows = NDArray[np.int64]

SPOKEN = 300
BATCH = 32


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The items of one kind."""

    kind: Kind
    vectors: Vectors
    photos: Rows
    """Which photo each belongs to."""

    def of(self, photos: Rows) -> Part:
        """Keep what belongs to some photos."""
        kept = np.isin(self.photos, photos)
        return Part(self.kind, self.vectors[kept], self.photos[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Queries of one sort."""

    name: str
    modality: Kind
    vectors: Vectors
    """One of each photo."""
    strangers: Vectors
    """Queries that nothing in the library answers."""


@dataclass(frozen=True, slots=True, eq=False)
class MixedLibrary:
    """All items, and what is asked of them."""

    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]
    halves: Rows
    """0 or 1 for each photo, by its name: what was chosen on and what is reported on."""


def build(data: Path, cache: Path, half: int, encoder: Encoder, ear: Transcriber) -> MixedLibrary:
    """Encode everything, or take it from the cache; the strangers are those of one half."""
    flickr = data / "flickr8k"
    rows = [row for row in _lines(flickr / "captions.jsonl") if row["split"] == "dev"]
    cache.mkdir(parents=True, exist_ok=True)

    def texts(name: str, captions: Callable[[], Sequence[str]]) -> Vectors:
        return _cached(cache / f"{name}.npy", lambda: encoder.encode_texts(captions()))

    def pictures(name: str, paths: Sequence[Path]) -> Vectors:
        return _cached(cache / f"{name}.npy", lambda: _encode_pictures(paths, encoder))

    photos = pictures("photos", [flickr / "images" / row["image"] for row in rows])
    heard = transcripts([row["en"][2] for row in rows[:SPOKEN]], ear, cache / "heard.jsonl")
    every, understood = np.arange(len(rows)), [i for i, words in enumerate(heard) if words]
    written = [row["zh" if i % 2 else "en"][1] for i, row in enumerate(rows)]
    parts = (
        Part(Kind.IMAGE, photos, every),
        Part(Kind.TEXT, texts("documents", lambda: written), every),
        Part(
            Kind.AUDIO,
            texts("recordings", lambda: [heard[i] for i in understood]),
            np.array(understood),
        ),
    )
    others = sorted((data / "imagenet-samples" / "images").glob("*.jpg"))[4 * half :: 8]
    asked = (
        Asked(
            "English captions",
            Kind.TEXT,
            texts("english", lambda: [row["en"][0] for row in rows]),
            texts(f"english-strangers-{half}", lambda: offtopic.ENGLISH[half]),
        ),
        Asked(
            "Chinese captions",
            Kind.TEXT,
            texts("chinese", lambda: [row["zh"][0] for row in rows]),
            texts(f"chinese-strangers-{half}", lambda: offtopic.CHINESE[half]),
        ),
        Asked("photos", Kind.IMAGE, photos, pictures(f"photo-strangers-{half}", others)),
    )
    names = [hashlib.md5(row["image"].encode(), usedforsecurity=False).digest() for row in rows]
    return MixedLibrary(parts, asked, np.array([name[-1] % 2 for name in names]))


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _encode_pictures(paths: Sequence[Path], encoder: Encoder) -> Vectors:
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    opened = ([Image.open(path).convert("RGB") for path in batch] for batch in batches)
    return np.vstack([encoder.encode_images(batch) for batch in opened])


def _cached(file: Path, make: Callable[[], Vectors]) -> Vectors:
    if not file.exists():
        np.save(file, make())
    vectors: Vectors = np.load(file)
    return vectors
