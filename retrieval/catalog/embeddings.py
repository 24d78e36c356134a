"""The passages' vectors as the catalog keeps them: what every index is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Engine, Row, Select, func, select

from retrieval.catalog.records import Ids, StoredVectors
from retrieval.catalog.tables import PASSAGES, VECTORS

BATCH = 4096
"""Vectors that are read at a time."""


class Embeddings:
    """Questions about the stored vectors; a vector has its passage's id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self, up_to: int) -> int:
        """Count the vectors with an id up to the one given."""
        # All less the newer ones: the first count reads a small index, the second few rows.
        rows = select(func.count()).select_from(PASSAGES)
        with self._engine.connect() as connection:
            newer = connection.scalar(rows.where(PASSAGES.c.id > up_to)) or 0
            return (connection.scalar(rows) or 0) - newer

    def ids(self) -> Ids:
        """List the ids of all vectors, ascending."""
        return np.sort(read_ids(self._engine, select(PASSAGES.c.id)))

    def after(self, last: int) -> Iterator[StoredVectors]:
        """Read the vectors with a greater id, in batches, in order of id."""
        with self._engine.connect() as connection:
            rows = _rows().where(VECTORS.c.passage_id > last)
            for part in connection.execute(rows).yield_per(BATCH).partitions():
                yield _stored(part)

    def of(self, ids: Ids) -> StoredVectors:
        """Read the vectors with these ids, as far as they are there, in order of id."""
        with self._engine.connect() as connection:
            rows = _rows().where(VECTORS.c.passage_id.in_(ids.tolist()))
            return _stored(connection.execute(rows).all())


def read_ids(engine: Engine, rows: Select[Any]) -> Ids:
    """Read one column of whole numbers, in no order."""
    [ids] = read_numbers(engine, rows)
    return ids


def read_numbers(engine: Engine, rows: Select[*tuple[Any, ...]]) -> list[Ids]:
    """Read columns of whole numbers, none of them null, that run in parallel, in no order."""
    # Each as one text, which is several times as fast as row by row.
    columns = [func.group_concat(column) for column in rows.subquery().c]
    with engine.connect() as connection:
        texts = connection.execute(select(*columns)).one()
    return [np.fromstring(text or "", np.int64, sep=",") for text in texts]


def _rows() -> Select[int, str, int, bytes]:
    rows = select(VECTORS.c.passage_id, PASSAGES.c.kind, PASSAGES.c.content_id, VECTORS.c.data)
    joined = rows.select_from(VECTORS.join(PASSAGES))
    return joined.order_by(VECTORS.c.passage_id)


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
