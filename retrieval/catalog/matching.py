"""Which passages and files hold the words of a query, and how much of it they hold.

A word weighs log(1 + N / n) where n of N passages hold it. What a passage holds of the query's
whole weight is its share, 1 where it has every word; repetition and length do not count, since
passages are windows of one size. Any text is a query: FTS5 sees nothing but folded words, which
have no syntax.

The work is bounded: of a common word only COMMON rows are read, and then those that hold a rarer
word as well. Where a query has no rarer word, only what holds all of it matches, if it is few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from retrieval.catalog.records import Ids
from retrieval.catalog.watch import Watch
from retrieval.words import Lookup, lookups_of, terms_of

COMMON = 50_000
"""Rows that make a word common: they take ten milliseconds to read."""

MOST_LOOKUPS = 32
"""Words of a query that are looked up, from its beginning."""

NO_LIMIT = -1

_NONE: Ids = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Ids, ascending, and the share of the query that each of them holds, above 0 and up to 1."""

    ids: Ids
    shares: NDArray[np.float64]

    def of(self, ids: Ids) -> NDArray[np.float64]:
        """Look up shares, 0 where there is none."""
        if not len(self.ids):
            return np.zeros(len(ids))
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, self.shares[at], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What holds words of a query: passages by what they say, contents by what they are called."""

    passages: Shares
    contents: Shares


@dataclass(frozen=True, slots=True)
class _Index:
    """One of the two tables, and how to ask it."""

    rows: str
    total: str
    newest: str


SAID = _Index(
    rows="SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ?",
    total="SELECT count(*) FROM passage_words_docsize",
    newest="SELECT max(id) FROM passages",
)
CALLED = _Index(
    rows="SELECT items.content_id AS id FROM item_words JOIN items ON items.id = item_words.rowid"
    " WHERE item_words MATCH ? AND NOT items.missing",
    total="SELECT count(*) FROM item_words_docsize",
    newest="SELECT max(content_id) FROM items",
)
HOLDING = "SELECT content_id AS id FROM passages WHERE passages.id IN ({})"


class Words:
    """Questions about words; safe to share between threads."""

    def __init__(self, engine: Engine, watch: Watch) -> None:
        self._engine = engine
        self._watch = watch
        self._totals: dict[_Index, tuple[int, int]] = {}
        self._holding = lru_cache(maxsize=16)(self._read_holding)

    def matching(self, text: str) -> Matches:
        """Find what holds words of a text, whether or not a present file has it."""
        lookups = lookups_of(text)[:MOST_LOOKUPS]
        with self._engine.connect() as connection:
            return Matches(*(self._weigh(connection, index, lookups) for index in (SAID, CALLED)))

    def holding(self, phrase: str) -> Ids:
        """Find the contents, ascending, that hold these very words one after the other.

        They stand in one passage, or in a present file's path or title; case, accents and what
        stands between the words make no difference. Nothing holds a phrase that has no words. The
        same object until the catalog changes.
        """
        words = " ".join(terms_of(phrase))
        return self._holding(words, self._watch.version()) if words else _NONE

    def _read_holding(self, words: str, _version: int) -> Ids:
        said = HOLDING.format(SAID.rows)
        with self._engine.connect() as connection:
            found = [
                _ids(connection, rows, f'words : "{words}"', NO_LIMIT)
                for rows in (said, CALLED.rows)
            ]
        return np.unique(np.concatenate(found))

    def _weigh(self, connection: Connection, index: _Index, lookups: Sequence[Lookup]) -> Shares:
        """Find the rows that hold some of what is looked up, and their shares of its weight."""
        expressions = [_expression(lookup) for lookup in lookups]
        lists = _lists(connection, index.rows, expressions)
        newest = connection.exec_driver_sql(index.newest).scalar() or 0
        weights = np.log1p(self._total(connection, index, newest) / _counts(lists, newest))
        found = _complete(connection, index, expressions, lists)
        ids, at = np.unique(np.concatenate([_NONE, *found]), return_inverse=True)
        held = np.bincount(at, np.repeat(weights, [len(rows) for rows in found]), len(ids))
        return Shares(ids, held.astype(np.float64) / weights.sum())

    def _total(self, connection: Connection, index: _Index, newest: int) -> int:
        """Count an index's rows; again only when there are newer ones, since it takes a while."""
        counted_at, total = self._totals.get(index, (None, 0))
        if counted_at != newest:
            # On the connection at hand: all who hold one could wait for another.
            total = connection.exec_driver_sql(index.total).scalar() or 0
            self._totals[index] = newest, total
        return total


def _counts(lists: Sequence[Ids], newest: int) -> NDArray[np.float64]:
    """Count the rows that hold each word, estimated where not all of them were read."""
    read = np.array([len(ids) for ids in lists], np.float64)
    reach = np.array([ids.max() if len(ids) == COMMON else newest for ids in lists])
    counts: NDArray[np.float64] = np.maximum(read, 0.5) * max(newest, 1) / np.maximum(reach, 1)
    return counts


def _complete(
    connection: Connection, index: _Index, expressions: Sequence[str], lists: Sequence[Ids]
) -> list[Ids]:
    """Read of each common word what also holds a rarer one, or else what holds all of them."""
    common = [e for e, ids in zip(expressions, lists, strict=True) if len(ids) == COMMON]
    if not common:
        return [np.unique(ids) for ids in lists]
    rarest = _rarest(expressions, lists)
    if rarest:
        read = {
            e: _ids(connection, index.rows, f"({' OR '.join(rarest)}) AND {e}", COMMON)
            for e in common
        }
    else:
        read = dict.fromkeys(common, _ids(connection, index.rows, " AND ".join(common), COMMON))
    found = [read.get(e, ids) for e, ids in zip(expressions, lists, strict=True)]
    return [np.unique(ids) if len(ids) < COMMON else _NONE for ids in found]


def _rarest(expressions: Sequence[str], lists: Sequence[Ids]) -> list[str]:
    """Choose the words that fewest rows hold, as long as these rows are few together."""
    counts = np.array([len(ids) for ids in lists])
    order = [int(at) for at in np.argsort(counts, kind="stable") if 0 < counts[at] < COMMON]
    together = np.cumsum(counts[order])
    return [expressions[at] for at, rows in zip(order, together, strict=True) if rows <= COMMON]


def _expression(lookup: Lookup) -> str:
    """Write what is looked up as FTS5 reads it; neighbours stand so in the text itself."""
    return f'"{lookup[0]}"' if len(lookup) == 1 else f'words : "{" ".join(lookup)}"'


def _lists(connection: Connection, rows: str, expressions: Sequence[str]) -> list[Ids]:
    """Read the ids of each of some words, at most COMMON, in one statement."""
    if not expressions:
        return []
    parts = (f"SELECT {at}, {_joined(rows)}" for at in range(len(expressions)))
    values = [value for expression in expressions for value in (expression, COMMON)]
    return [
        _numbers(text) for _, text in sorted(_read(connection, " UNION ALL ".join(parts), values))
    ]


def _ids(connection: Connection, rows: str, expression: str, limit: int) -> Ids:
    [[text]] = _read(connection, f"SELECT {_joined(rows)}", [expression, limit])
    return _numbers(text)


def _joined(rows: str) -> str:
    """Have ids read as one text, several times as fast as row by row."""
    return f"group_concat(id) FROM ({rows} LIMIT ?)"


def _read(connection: Connection, statement: str, values: Sequence[str | int]) -> Sequence[Any]:
    # Past SQLAlchemy, which takes longer over such a statement than SQLite.
    cursor = connection.connection.cursor()
    cursor.execute(statement, values)
    return cursor.fetchall()


def _numbers(text: str | None) -> Ids:
    return np.fromstring(text, np.int64, sep=",") if text else _NONE
