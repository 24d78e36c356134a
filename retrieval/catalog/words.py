"""The word indexes of a catalog: what passages say, and what files are called.

Two FTS5 tables hold words that ``retrieval.words`` has folded; SQLite only cuts them at spaces.
``words`` has every word in its place, for exact phrases, and ``stems`` the stems that are unlike
their words. A row has its passage's or its item's id. ``passage_words`` keeps no text of its own,
which would double it: a passage is taken out by the words it went in with, so before it leaves the
catalog.

Models and Alembic know nothing of these tables. The functions here keep them in step, within the
transaction of whoever changes passages or items.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Connection

from retrieval.catalog.chunks import in_chunks
from retrieval.words import stems_of, terms_of

TABLES = ("passage_words", "item_words")

BATCH = 500
"""Rows that are in memory at a time."""

SAYINGS = "SELECT id, text FROM passages WHERE text != ''"
NAMES = """
    SELECT items.id, items.path || ' ' || contents.title
    FROM items JOIN contents ON contents.id = items.content_id
"""
"""What files are called; one that could not be read is found by nothing."""

Row = tuple[int, str]
"""The number of a row, and the text whose words belong into it."""


def add_passages(connection: Connection, passages: Sequence[Row]) -> None:
    """Note what new passages say, given by id and text."""
    _add(connection, "passage_words", [row for row in passages if row[1]])


def remove_passages(connection: Connection, content: int) -> None:
    """Take out what the passages of a content say, while they are still in the catalog."""
    said = connection.exec_driver_sql(f"{SAYINGS} AND content_id = ?", (content,))
    remove_words(connection, said.all())


def remove_words(connection: Connection, passages: Sequence[Row]) -> None:
    """Take out what passages say, given by id and text; none of them is empty."""
    columns = "passage_words, rowid, words, stems"
    statement = f"INSERT INTO passage_words ({columns}) VALUES ('delete', ?, ?, ?)"
    _execute(connection, statement, _entries(passages))


def name_items(connection: Connection, items: Sequence[int]) -> None:
    """Note what files are called now, in place of what was noted before."""
    unname_items(connection, items)
    for chunk in in_chunks(items):
        wanted = f"{NAMES} WHERE items.id IN ({', '.join('?' * len(chunk))})"
        _add(connection, "item_words", connection.exec_driver_sql(wanted, tuple(chunk)).all())


def unname_items(connection: Connection, items: Sequence[int]) -> None:
    """Take out what files are called."""
    rows = [(item,) for item in items]
    _execute(connection, "DELETE FROM item_words WHERE rowid = ?", rows)


def rebuild(connection: Connection) -> None:
    """Make both indexes anew from the catalog."""
    connection.exec_driver_sql("INSERT INTO passage_words (passage_words) VALUES ('delete-all')")
    connection.exec_driver_sql("DELETE FROM item_words")
    for table, source in zip(TABLES, (SAYINGS, NAMES), strict=True):
        for rows in connection.exec_driver_sql(source).partitions(BATCH):
            _add(connection, table, rows)


def is_modelled(name: str | None, type_: str, _parents: object) -> bool:
    """Tell Alembic which names the models describe: all but the indexes and their parts."""
    return not (type_ == "table" and name is not None and name.startswith(TABLES))


def _add(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    statement = f"INSERT INTO {table} (rowid, words, stems) VALUES (?, ?, ?)"
    _execute(connection, statement, _entries(rows))


def _entries(rows: Sequence[Row]) -> list[tuple[int, str, str]]:
    """Put texts into words and stems."""
    terms = [terms_of(text) for _, text in rows]
    stems = stems_of(chain.from_iterable(terms))
    return [
        (number, " ".join(words), " ".join(sorted({stems[w] for w in words if w in stems})))
        for (number, _), words in zip(rows, terms, strict=True)
    ]


def _execute(connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, list(rows))
