"""A catalog as it is at one instant, read from beginning to end in little memory.

Whoever writes meanwhile is not held up. What is read are the files present and what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from retrieval.catalog.mapping import FILES, ITEM, PASSAGE, read_item, read_passage
from retrieval.catalog.tables import ITEMS, PASSAGES, VECTORS
from retrieval.media import Item, Passage

BATCH = 1024
"""Rows that are in memory at a time."""

_PRESENT = ITEMS.c.missing.is_(False)
_HELD = PASSAGES.c.content_id.in_(select(ITEMS.c.content_id).where(_PRESENT))


class Snapshot:
    """A connection that sees the catalog as it was when it was first asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def items(self) -> Iterator[Item]:
        """Read the files, in order of their numbers."""
        rows = select(*ITEM).select_from(FILES).where(_PRESENT).order_by(ITEMS.c.id)
        yield from map(read_item, self._read(rows))

    def passages(self) -> Iterator[tuple[int, int, Passage]]:
        """Read the passages in order of their numbers: an item, a number, what it is."""
        first = select(func.min(ITEMS.c.id)).where(
            ITEMS.c.content_id == PASSAGES.c.content_id, _PRESENT
        )
        rows = select(first.scalar_subquery(), PASSAGES.c.id, *PASSAGE).where(_HELD)
        for item, number, *passage in self._read(rows.order_by(PASSAGES.c.id)):
            yield item, number, read_passage(passage)

    def count_passages(self) -> int:
        """Count them."""
        return self._connection.scalar(select(func.count()).select_from(PASSAGES).where(_HELD)) or 0

    def vectors(self) -> Iterator[bytes]:
        """Read the passages' vectors, little-endian float32, in the same order."""
        rows = select(VECTORS.c.data).select_from(PASSAGES.join(VECTORS)).where(_HELD)
        for [data] in self._read(rows.order_by(PASSAGES.c.id)):
            yield data

    def _read(self, rows: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
        for part in self._connection.execute(rows).yield_per(BATCH).partitions():
            yield from part
