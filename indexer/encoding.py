"""Decoded files into vectors, a batch at a time.

Pictures and words of all files in a batch go to the encoder together; each row goes back to the
passage it was made from, by name and not by counting, so that no file can shift another's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import numpy as np

from indexer.decoded import Decoded
from retrieval.catalog.records import NewContent
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import ModelUnavailable, TriptychError
from retrieval.media import Kind

PICTURES = 32
TEXTS = 64
"""What an encoder is given at once, and what fills a batch."""

Place = tuple[int, int]
"""Which file of the batch, and which of its passages."""


def is_full(batch: Sequence[Decoded]) -> bool:
    """Tell whether a batch has enough to keep an encoder busy."""
    kinds = [passage.kind for decoded in batch for passage in decoded.passages]
    pictures = kinds.count(Kind.IMAGE)
    return pictures >= PICTURES or len(kinds) - pictures >= TEXTS or len(batch) >= TEXTS


class Abandoned(TriptychError):
    """Nobody waits for the vectors any more."""


NO_FILES_FAULT = (ModelUnavailable, Abandoned)


def encode_batch(
    batch: Sequence[Decoded], encoder: Encoder, abandoned: Event
) -> list[NewContent | Exception]:
    """Encode files together or, where that fails, one by one; give the outcome of each.

    Raises ModelUnavailable, which is no file's fault, and Abandoned soon after that is set.
    """
    try:
        return list(_encode(batch, encoder, abandoned))
    except NO_FILES_FAULT:
        raise
    # What an encoder raises is its own affair; here it only matters whose file raises it.
    except Exception:
        pass
    return [_attempt(decoded, encoder, abandoned) for decoded in batch]


def _attempt(decoded: Decoded, encoder: Encoder, abandoned: Event) -> NewContent | Exception:
    try:
        return _encode([decoded], encoder, abandoned)[0]
    except NO_FILES_FAULT:
        raise
    except Exception as error:
        return error


def _encode(batch: Sequence[Decoded], encoder: Encoder, abandoned: Event) -> list[NewContent]:
    images: dict[Place, Any] = {}
    texts: dict[Place, Any] = {}
    for i, decoded in enumerate(batch):
        kinds = [passage.kind for passage in decoded.passages]
        shown = [(i, j) for j, kind in enumerate(kinds) if kind is Kind.IMAGE]
        images |= dict(zip(shown, decoded.pictures, strict=True))
        texts |= {
            (i, j): passage.text
            for j, passage in enumerate(decoded.passages)
            if passage.kind is not Kind.IMAGE
        }
    rows = _rows(images, encoder.encode_images, PICTURES, abandoned)
    rows |= _rows(texts, encoder.encode_texts, TEXTS, abandoned)
    return [_gather(i, decoded, rows, encoder.dim) for i, decoded in enumerate(batch)]


def _rows(
    inputs: dict[Place, Any],
    encode: Callable[[list[Any]], Vectors],
    size: int,
    abandoned: Event,
) -> dict[Place, Vectors]:
    places = list(inputs)
    rows: dict[Place, Vectors] = {}
    for start in range(0, len(places), size):
        if abandoned.is_set():
            raise Abandoned("The run has ended.")
        chunk = places[start : start + size]
        vectors = encode([inputs[place] for place in chunk])
        rows.update(zip(chunk, vectors, strict=True))
    return rows


def _gather(i: int, decoded: Decoded, rows: dict[Place, Vectors], dim: int) -> NewContent:
    vectors = np.empty((len(decoded.passages), dim), np.float32)
    for j in range(len(decoded.passages)):
        vectors[j] = rows[i, j]
    if not np.isfinite(vectors).all():
        raise ValueError("its vector is not finite")
    return NewContent(decoded.examined.found, decoded.content, decoded.passages, vectors)
