"""The files a person has marked as favourites: by their bytes, whatever they are called.

Marking needs no lock of the library's. It is one statement, and SQLite has it wait for whoever is
writing; nothing is kept of it but the catalog's row.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Select, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError

from retrieval.catalog.mapping import BYTES
from retrieval.catalog.scope import with_bytes
from retrieval.catalog.tables import CONTENTS, FAVOURITES, ITEMS
from retrieval.errors import LibraryBusy


class Favourites:
    """The favourites of a catalog; safe to share between threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, item_id: int) -> None:
        """Mark an item, and all files of the same bytes."""
        rows = insert(FAVOURITES).from_select(["digest"], _digest_of(item_id))
        self._execute(rows.on_conflict_do_nothing())

    def remove(self, item_id: int) -> None:
        """Take the mark of an item back, and of all files of the same bytes."""
        marked = FAVOURITES.c.digest == _digest_of(item_id).scalar_subquery()
        self._execute(delete(FAVOURITES).where(marked))

    def _execute(self, statement: Insert | Delete) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(statement)
        except OperationalError as error:
            # The lowest byte names the error, the others its variety.
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise LibraryBusy("The catalog is being written to; try again in a while.") from error


def forget_favourites(connection: Connection) -> None:
    """Delete the marks of bytes that no content has any more."""
    held = select(CONTENTS.c.id).where(with_bytes(FAVOURITES.c.digest)).exists()
    connection.execute(delete(FAVOURITES).where(~held))


def _digest_of(item_id: int) -> Select[Any]:
    return select(BYTES).select_from(ITEMS.join(CONTENTS)).where(ITEMS.c.id == item_id)
