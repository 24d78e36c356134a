"""Passages as they enter the catalog: with their vectors and words, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert

from retrieval.catalog.tables import PASSAGES, VECTORS
from retrieval.catalog.words import add_passages
from retrieval.encoders.protocol import Vectors
from retrieval.media import Passage

Row = tuple[dict[str, Any], bytes]
"""A passage as its table has it, but for its id, and its vector."""


def rows_of(
    content: int, passages: Sequence[Passage], vectors: Vectors, first: int = 0
) -> Iterator[Row]:
    """Write passages of a content as rows, counted from ``first``; row i of the vectors is of i."""
    if len(passages) != len(vectors):
        raise ValueError(f"{len(passages)} passages but {len(vectors)} vectors")
    for i, passage in enumerate(passages):
        data = np.ascontiguousarray(vectors[i], dtype="<f4").tobytes()
        yield {"content_id": content, "ordinal": first + i, **asdict(passage)}, data


def insert_passages(connection: Connection, rows: Sequence[Row]) -> None:
    """Record passages with their vectors, and note what they say."""
    if not rows:
        return
    made = insert(PASSAGES).returning(PASSAGES.c.id, sort_by_parameter_order=True)
    ids = connection.scalars(made, [passage for passage, _ in rows]).all()
    numbered = list(zip(ids, rows, strict=True))
    vectors = [{"passage_id": number, "data": data} for number, (_, data) in numbered]
    connection.execute(insert(VECTORS), vectors)
    add_passages(connection, [(number, passage["text"]) for number, (passage, _) in numbered])
