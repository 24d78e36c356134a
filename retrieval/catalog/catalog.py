"""The catalog: what the library holds, and the truth wherever a cache says otherwise."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import numpy as np
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.database import open_database
from retrieval.catalog.embeddings import Embeddings, read_ids
from retrieval.catalog.mapping import read_item, read_passage
from retrieval.catalog.matching import Words
from retrieval.catalog.models import (
    ContentRow,
    ItemRow,
    LibraryRow,
    PassageRow,
    RootRow,
)
from retrieval.catalog.records import Binding, Counts, Ids, Root, Scope
from retrieval.catalog.scope import contents_in_scope, items_in_scope, newest_in_scope
from retrieval.catalog.sketches import Sketches
from retrieval.catalog.writer import Writer
from retrieval.encoders.protocol import Encoder
from retrieval.errors import NotFound
from retrieval.media import Failure, Filters, Item, Kind, Passage


class Catalog:
    """Questions to the catalog; ``writer`` gives the one object that changes it."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        self._watch = self._engine.connect()
        self._watching = threading.Lock()
        self._scope = lru_cache(maxsize=32)(self._read_scope)
        self._newest = lru_cache(maxsize=4)(self._read_newest)
        self.embeddings = Embeddings(self._engine)
        self.words = Words(self._engine)
        self.sketches = Sketches(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._watch.close()
        self._engine.dispose()

    def writer(self) -> Writer:
        """Give the object that changes the catalog; the caller holds the library's lock."""
        return Writer(self._engine)

    def version(self) -> int:
        """Give a number that changes whenever any process has committed a change."""
        with self._watching:
            version: int = self._watch.scalar(text("PRAGMA data_version"))
            self._watch.rollback()
            return version

    # The library as a whole.

    def binding(self) -> Binding | None:
        """Read which encoder the library is bound to, if it is bound yet."""
        with Session(self._engine) as session:
            row = session.get(LibraryRow, 1)
            if row is None:
                return None
            return Binding(
                row.uuid, row.encoder_name, row.encoder_revision, row.encoder_fingerprint, row.dim
            )

    def bind(self, encoder: Encoder) -> None:
        """Bind the library, for good, to an encoder."""
        row = LibraryRow(
            id=1,
            uuid=str(uuid4()),
            encoder_name=encoder.name,
            encoder_revision=encoder.revision,
            encoder_fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            created_at=datetime.now(UTC),
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)

    def roots(self) -> list[Root]:
        """List the folders that were indexed."""
        with Session(self._engine) as session:
            rows = session.scalars(select(RootRow).order_by(RootRow.path))
            return [Root(row.id, Path(row.path)) for row in rows]

    def counts(self) -> Counts:
        """Count the files present and the passages that may answer."""
        kinds = select(ContentRow.kind, func.count()).join(
            ItemRow, ItemRow.content_id == ContentRow.id
        )
        kinds = kinds.where(ItemRow.missing.is_(False)).group_by(ContentRow.kind)
        present = select(ItemRow.content_id).where(ItemRow.missing.is_(False))
        passages = select(func.count()).where(PassageRow.content_id.in_(present))
        with Session(self._engine) as session:
            by_kind = {Kind(kind): count for kind, count in session.execute(kinds)}
            return Counts(sum(by_kind.values()), session.scalar(passages) or 0, by_kind)

    def failures(self) -> tuple[Failure, ...]:
        """List the files that could not be read."""
        rows = select(RootRow.path, ItemRow.path, ItemRow.failure).join(
            RootRow, RootRow.id == ItemRow.root_id
        )
        rows = rows.where(ItemRow.failure.is_not(None), ItemRow.missing.is_(False))
        with Session(self._engine) as session:
            return tuple(
                Failure(str(Path(root) / path), reason or "")
                for root, path, reason in session.execute(rows.order_by(RootRow.path, ItemRow.path))
            )

    # Items and passages.

    def scope(self, filters: Filters) -> Scope:
        """Find the contents that pass the filters; the same object until the catalog changes."""
        return self._scope(filters, self.version())

    def _read_scope(self, filters: Filters, _version: int) -> Scope:
        return Scope.of(read_ids(self._engine, contents_in_scope(filters, self.roots())))

    def newest(self, filters: Filters) -> Ids:
        """List the contents that pass the filters, each once, newest first.

        The same object until the catalog changes, as pages of it are asked for one by one.
        """
        return self._newest(filters, self.version())

    def _read_newest(self, filters: Filters, _version: int) -> Ids:
        contents = read_ids(self._engine, newest_in_scope(filters, self.roots()))
        _, first = np.unique(contents, return_index=True)
        return contents[np.sort(first)]

    def item(self, item_id: int) -> Item:
        """Find an item by its id, or raise NotFound."""
        present = (ItemRow.id == item_id) & ItemRow.missing.is_(False)
        with Session(self._engine) as session:
            for item, _ in _items(session, present):
                return item
        raise NotFound(f"There is no item {item_id} in this library.")

    def passages(self, item: Item) -> tuple[tuple[int, Passage], ...]:
        """List an item's passages with their ids, in their order within the item."""
        rows = select(PassageRow).join(ContentRow, ContentRow.id == PassageRow.content_id)
        rows = rows.where(ContentRow.hash == item.content.hash).order_by(PassageRow.ordinal)
        with Session(self._engine) as session:
            return tuple((row.id, read_passage(row)) for row in session.scalars(rows))

    def found(
        self, passage_ids: Sequence[int], filters: Filters
    ) -> list[tuple[Item, int, Passage]]:
        """Load passages, each with the first file that holds it and passes the filters."""
        with Session(self._engine) as session:
            rows = select(PassageRow).where(PassageRow.id.in_(passage_ids))
            passages = {row.id: row for row in session.scalars(rows)}
            items = self.first_files({row.content_id for row in passages.values()}, filters)
            return [
                (items[row.content_id], row.id, read_passage(row))
                for row in (passages[i] for i in passage_ids if i in passages)
                if row.content_id in items
            ]

    def first_files(self, contents: Collection[int], filters: Filters) -> dict[int, Item]:
        """Find of each content the first file that holds it and passes the filters."""
        scope = items_in_scope(filters, self.roots()) & ItemRow.content_id.in_(contents)
        with Session(self._engine) as session:
            return {content_id: item for item, content_id in reversed(_items(session, scope))}

    def files(self, contents: Collection[int], filters: Filters) -> dict[int, list[Item]]:
        """Find of each content all files that hold it and pass the filters."""
        scope = items_in_scope(filters, self.roots())
        files: dict[int, list[Item]] = {}
        with Session(self._engine) as session:
            for chunk in in_chunks(contents):
                for item, content_id in _items(session, scope & ItemRow.content_id.in_(chunk)):
                    files.setdefault(content_id, []).append(item)
        return files

    def copied(self, filters: Filters) -> list[int]:
        """List the contents that several files hold which pass the filters."""
        rows = select(ItemRow.content_id).join(ContentRow, ContentRow.id == ItemRow.content_id)
        rows = rows.where(items_in_scope(filters, self.roots())).group_by(ItemRow.content_id)
        with Session(self._engine) as session:
            copied = session.scalars(rows.having(func.count() > 1))
            return [content_id for content_id in copied if content_id is not None]

    def beginnings(self, contents: Collection[int]) -> dict[int, tuple[int, Passage]]:
        """Load the first passage, with its id, of each content that has any."""
        rows = select(PassageRow).where(PassageRow.content_id.in_(contents))
        with Session(self._engine) as session:
            first = session.scalars(rows.where(PassageRow.ordinal == 0))
            return {row.content_id: (row.id, read_passage(row)) for row in first}

    def contents_with(self, hashes: Sequence[str]) -> set[int]:
        """Find the ids of contents by their hashes."""
        rows = select(ContentRow.id).where(ContentRow.hash.in_(hashes))
        with Session(self._engine) as session:
            return set(session.scalars(rows))


def _items(session: Session, condition: ColumnElement[bool]) -> list[tuple[Item, int]]:
    rows = select(ItemRow, ContentRow, RootRow.path)
    rows = rows.join(ContentRow, ContentRow.id == ItemRow.content_id)
    rows = rows.join(RootRow, RootRow.id == ItemRow.root_id)
    rows = rows.where(condition).order_by(ItemRow.id)
    return [
        (read_item(item, content, root), content.id)
        for item, content, root in session.execute(rows)
    ]
