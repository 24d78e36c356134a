"""The catalog: what the library holds, and the truth wherever a cache says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, or_, select

from retrieval.catalog.census import Census
from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.database import open_database
from retrieval.catalog.embeddings import Embeddings, read_ids, read_numbers
from retrieval.catalog.favourites import Favourites
from retrieval.catalog.mapping import (
    BYTES,
    FILES,
    FOUND,
    ITEM,
    PASSAGE,
    read_item,
    read_passage,
    read_roots,
)
from retrieval.catalog.matching import Words
from retrieval.catalog.overview import Overview
from retrieval.catalog.records import Binding, Ids, Root, Scope
from retrieval.catalog.scope import (
    contents_in_scope,
    dated_in_scope,
    held_in_scope,
    items_in_scope,
    with_bytes,
)
from retrieval.catalog.sketches import Sketches
from retrieval.catalog.snapshot import Snapshot
from retrieval.catalog.tables import CONTENTS, ITEMS, LIBRARY, PASSAGES
from retrieval.catalog.watch import Watch
from retrieval.encoders.protocol import Encoder
from retrieval.errors import NotFound
from retrieval.media import Filters, Item, Passage

if TYPE_CHECKING:
    from retrieval.catalog.writer import Writer


class Catalog:
    """Questions to the catalog; ``writer`` gives what changes it, but for ``favourites``."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        self._watch = Watch(self._engine)
        self._scope = lru_cache(maxsize=32)(self._read_scope)
        self._newest = lru_cache(maxsize=4)(self._read_newest)
        self._found = lru_cache(maxsize=32)(self._select_found)
        self.embeddings = Embeddings(self._engine)
        self.words = Words(self._engine, self._watch)
        self.sketches = Sketches(self._engine, self._watch)
        self.census = Census(self._engine)
        self.overview = Overview(self._engine)
        self.favourites = Favourites(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._watch.close()
        self._engine.dispose()

    def writer(self) -> Writer:
        """Give the object that changes the catalog; the caller holds the library's lock."""
        from retrieval.catalog.writer import Writer

        return Writer(self._engine)

    def version(self) -> int:
        """Give a number that changes whenever any process has committed a change."""
        return self._watch.version()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Give the catalog as it is now, to be read while it is written to."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # which the driver leaves to what writes
            yield Snapshot(connection)

    # The library as a whole.

    def binding(self) -> Binding | None:
        """Read which encoder the library is bound to, if it is bound yet."""
        columns = LIBRARY.c
        rows = select(
            columns.uuid,
            columns.encoder_name,
            columns.encoder_revision,
            columns.encoder_fingerprint,
            columns.dim,
        )
        with self._engine.connect() as connection:
            row = connection.execute(rows).first()
            return None if row is None else Binding(*row)

    def bind(self, encoder: Encoder) -> None:
        """Bind the library, for good, to an encoder."""
        row = insert(LIBRARY).values(
            id=1,
            uuid=str(uuid4()),
            encoder_name=encoder.name,
            encoder_revision=encoder.revision,
            encoder_fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            created_at=datetime.now(UTC),
        )
        with self._engine.begin() as connection:
            connection.execute(row)

    def roots(self) -> list[Root]:
        """List the folders that were indexed."""
        with self._engine.connect() as connection:
            return read_roots(connection)

    def items_at(self, place: Path) -> dict[int, int]:
        """Find the items at or below a path, with their bytes; also those that are missing."""
        from retrieval.catalog.forgetting import items_at

        with self._engine.connect() as connection:
            return items_at(connection, place)

    # Items and passages.

    def scope(self, filters: Filters) -> Scope:
        """Find the contents that pass the filters; the same object until the catalog changes."""
        return self._scope(filters, self.version())

    def _read_scope(self, filters: Filters, version: int) -> Scope:
        if filters.kinds and (filters.after or filters.before):
            # Dates take longest to read, and how many of other kinds they leave is asked as well.
            wider = self._scope(replace(filters, kinds=frozenset()), version)
            return wider.within(read_ids(self._engine, contents_in_scope(Filters(filters.kinds))))
        folder = Filters(folder=filters.folder)
        if filters == folder or filters.after or filters.before:
            return Scope.of(read_ids(self._engine, held_in_scope(filters, self.roots())))
        # What the folder holds is mostly known, and to join the tables takes twice as long.
        return self._scope(folder, version).within(
            read_ids(self._engine, contents_in_scope(filters))
        )

    def newest(self, filters: Filters) -> Ids:
        """List the contents that pass the filters, each once, newest first.

        The same object until the catalog changes, as pages of it are asked for one by one.
        """
        return self._newest(filters, self.version())

    def _read_newest(self, filters: Filters, _version: int) -> Ids:
        contents, seconds = read_numbers(self._engine, dated_in_scope(filters, self.roots()))
        contents = contents[np.lexsort((-contents, -seconds))]
        _, first = np.unique(contents, return_index=True)
        return contents[np.sort(first)]

    def item(self, item_id: int) -> Item:
        """Find an item by its id, or raise NotFound."""
        present = (ITEMS.c.id == item_id) & ITEMS.c.missing.is_(False)
        with self._engine.connect() as connection:
            for item, _ in _items(connection, present):
                return item
        raise NotFound(f"There is no item {item_id} in this library.")

    def passages(self, item: Item) -> tuple[tuple[int, Passage], ...]:
        """List an item's passages with their ids, in their order within the item."""
        rows = select(PASSAGES.c.id, *PASSAGE).select_from(PASSAGES.join(CONTENTS))
        rows = rows.where(CONTENTS.c.hash == item.content.hash).order_by(PASSAGES.c.ordinal)
        with self._engine.connect() as connection:
            return tuple((row[0], read_passage(row[1:])) for row in connection.execute(rows))

    def found(
        self, passage_ids: Sequence[int], filters: Filters
    ) -> list[tuple[Item, int, Passage]]:
        """Load passages, each with the first file that holds it and passes the filters."""
        rows = self._found(filters, self.version())
        with self._engine.connect() as connection:
            last_first = connection.execute(rows, {"passages": list(passage_ids)}).all()
        first = {row[0]: row[1:] for row in last_first}
        return [
            (read_item(row[len(PASSAGE) :]), passage_id, read_passage(row[: len(PASSAGE)]))
            for passage_id in passage_ids
            if (row := first.get(passage_id)) is not None
        ]

    def _select_found(self, filters: Filters, _version: int) -> Select[Any, *tuple[Any, ...]]:
        # Every search runs it, and to put it together takes longer than to run it.
        chosen = PASSAGES.c.id.in_(bindparam("passages", expanding=True))
        rows = FOUND.where(self._passing(filters), chosen)
        return rows.order_by(ITEMS.c.id.desc())

    def first_files(self, contents: Collection[int], filters: Filters) -> dict[int, Item]:
        """Find of each content the first file that holds it and passes the filters."""
        scope = self._passing(filters) & ITEMS.c.content_id.in_(contents)
        with self._engine.connect() as connection:
            return {content_id: item for item, content_id in reversed(_items(connection, scope))}

    def files(self, contents: Collection[int], filters: Filters) -> dict[int, list[Item]]:
        """Find of each content all files that hold it and pass the filters."""
        scope = self._passing(filters)
        files: dict[int, list[Item]] = {}
        with self._engine.connect() as connection:
            for chunk in in_chunks(contents):
                for item, content_id in _items(connection, scope & ITEMS.c.content_id.in_(chunk)):
                    files.setdefault(content_id, []).append(item)
        return files

    def copied(self, filters: Filters) -> list[list[int]]:
        """List the contents of whose bytes several files that pass the filters are copies.

        Those of the same bytes come together: they differ in their captions.
        """
        rows = select(func.group_concat(CONTENTS.c.id.distinct())).select_from(FILES)
        rows = rows.where(self._passing(filters)).group_by(BYTES).having(func.count() > 1)
        with self._engine.connect() as connection:
            return [[int(i) for i in ids.split(",")] for ids in connection.scalars(rows)]

    def beginnings(self, contents: Collection[int]) -> dict[int, tuple[int, Passage]]:
        """Load the first passage, with its id, of each content that has any."""
        rows = select(PASSAGES.c.content_id, PASSAGES.c.id, *PASSAGE)
        rows = rows.where(PASSAGES.c.content_id.in_(contents), PASSAGES.c.ordinal == 0)
        with self._engine.connect() as connection:
            return {row[0]: (row[1], read_passage(row[2:])) for row in connection.execute(rows)}

    def contents_with(self, digests: Sequence[str]) -> set[int]:
        """Find the ids of contents by the SHA-256 of their bytes, whatever their captions."""
        rows = select(CONTENTS.c.id).where(or_(*map(with_bytes, digests)))
        with self._engine.connect() as connection:
            return set(connection.scalars(rows))

    def _passing(self, filters: Filters) -> ColumnElement[bool]:
        """Give the condition on files; only one on a folder needs to know the roots."""
        return items_in_scope(filters, self.roots() if filters.folder else [])


def _items(connection: Connection, condition: ColumnElement[bool]) -> list[tuple[Item, int]]:
    rows = select(CONTENTS.c.id, *ITEM).select_from(FILES).where(condition).order_by(ITEMS.c.id)
    return [(read_item(row[1:]), row[0]) for row in connection.execute(rows)]
