"""Fills libraries without the indexer: contents, passages and vectors as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.catalog.records import FoundFile, NewContent
from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from retrieval.media import Content, Kind, Passage
from tests.fakes import DIM

MTIME = int(datetime(2024, 5, 1, 12).timestamp() * 1e9)


def content(
    name: str,
    kind: Kind = Kind.IMAGE,
    taken_at: datetime | None = None,
    size: int = 3,
    duration: float | None = None,
) -> Content:
    digest = sha256(name.encode()).hexdigest()
    return Content(digest, kind, "x/y", size, duration=duration, taken_at=taken_at)


def new(
    path: str,
    vectors: Vectors,
    kind: Kind = Kind.IMAGE,
    texts: Sequence[str] = (),
    taken_at: datetime | None = None,
    size: int = 3,
    duration: float | None = None,
) -> NewContent:
    rows = unit(vectors)
    words = [*texts, *[""] * (len(rows) - len(texts))]
    passages = tuple(Passage(kind, text) for text in words)
    held = content(path, kind, taken_at, size, duration)
    return NewContent(FoundFile(path, size, MTIME), held, passages, rows)


def unit(vectors: Vectors) -> Vectors:
    rows = np.asarray(vectors, np.float32).reshape(-1, DIM)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def random_vectors(count: int, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, DIM)))


def put(library: Library, folder: Path, *contents: NewContent) -> None:
    folder.mkdir(exist_ok=True)
    with library.write() as writer:
        writer.add(writer.root(folder), contents)
