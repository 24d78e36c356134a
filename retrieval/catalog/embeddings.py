"""The passages' vectors as the catalog keeps them: what every index is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Engine, Row, Select, func, select
from sqlalchemy.orm import Session

from retrieval.catalog.models import PassageRow, VectorRow
from retrieval.catalog.records import Ids, StoredVectors

BATCH = 4096
"""Vectors that are read at a time."""


class Embeddings:
    """Questions about the stored vectors; a vector has its passage's id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self, up_to: int) -> int:
        """Count the vectors with an id up to the one given."""
        # All less the newer ones: the first count reads a small index, the second few rows.
        rows = select(func.count()).select_from(PassageRow)
        with Session(self._engine) as session:
            newer = session.scalar(rows.where(PassageRow.id > up_to)) or 0
            return (session.scalar(rows) or 0) - newer

    def ids(self) -> Ids:
        """List the ids of all vectors, ascending."""
        return read_ids(self._engine, select(PassageRow.id).order_by(PassageRow.id))

    def after(self, last: int) -> Iterator[StoredVectors]:
        """Read the vectors with a greater id, in batches, in order of id."""
        with self._engine.connect() as connection:
            rows = _rows().where(VectorRow.passage_id > last)
            for part in connection.execute(rows).yield_per(BATCH).partitions():
                yield _stored(part)

    def of(self, ids: Ids) -> StoredVectors:
        """Read the vectors with these ids, as far as they are there, in order of id."""
        with self._engine.connect() as connection:
            rows = _rows().where(VectorRow.passage_id.in_(ids.tolist()))
            return _stored(connection.execute(rows).all())


def read_ids(engine: Engine, rows: Select[Any]) -> Ids:
    """Read one column of whole numbers."""
    with engine.connect() as connection:
        cursor: Any = connection.execute(rows).cursor
        # Row objects would take three times as long as the query itself.
        return np.fromiter((row[0] for row in cursor), np.int64)


def _rows() -> Select[int, str, int, bytes]:
    rows = select(VectorRow.passage_id, PassageRow.kind, PassageRow.content_id, VectorRow.data)
    joined = rows.join(PassageRow, PassageRow.id == VectorRow.passage_id)
    return joined.order_by(VectorRow.passage_id)


def _stored(rows: Sequence[Row[int, str, int, bytes]]) -> StoredVectors:
    ids, kinds, contents, data = zip(*rows, strict=True) if rows else ((), (), (), ())
    width = len(data[0]) // 4 if data else 0
    vectors = np.frombuffer(b"".join(data), "<f4").astype(np.float32)
    return StoredVectors(
        np.array(ids, np.int64),
        np.array(kinds, str),
        np.array(contents, np.int64),
        vectors.reshape(len(ids), width),
    )
