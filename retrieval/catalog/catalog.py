"""The catalog: what the library holds, and the truth wherever a cache says otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import numpy as np
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from retrieval.catalog.database import open_database
from retrieval.catalog.mapping import read_item, read_passage
from retrieval.catalog.models import (
    ContentRow,
    ItemRow,
    LibraryRow,
    PassageRow,
    RootRow,
    VectorRow,
)
from retrieval.catalog.records import Binding, Counts, Ids, Root, Scope
from retrieval.catalog.scope import items_in_scope, passages_in_scope
from retrieval.catalog.writer import Writer
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import NotFound
from retrieval.media import Failure, Filters, Item, Kind, Passage


class Catalog:
    """Questions to the catalog; ``writer`` gives the one object that changes it."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        self._watch = self._engine.connect()
        self._watching = threading.Lock()
        self._scope = lru_cache(maxsize=32)(self._read_scope)

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
        with Session(self._engine) as session:
            by_kind = {Kind(kind): count for kind, count in session.execute(kinds)}
        passages = len(self.scope(Filters()).passages)
        return Counts(sum(by_kind.values()), passages, by_kind)

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
        """Find the passages that pass the filters."""
        return self._scope(filters, self.version())

    def _read_scope(self, filters: Filters, _version: int) -> Scope:
        with Session(self._engine) as session:
            rows = session.execute(passages_in_scope(filters, self.roots())).all()
        passages = np.array([row[0] for row in rows], np.int64)
        kinds = np.array([row[1] for row in rows], str)
        contents = np.array([row[2] for row in rows], np.int64)
        present = {Kind(kind): passages[kinds == kind] for kind in np.unique(kinds)}
        return Scope(passages, contents, present)

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
            contents = {row.content_id for row in passages.values()}
            scope = items_in_scope(filters, self.roots()) & ItemRow.content_id.in_(contents)
            items = {content_id: item for item, content_id in reversed(_items(session, scope))}
            return [
                (items[row.content_id], row.id, read_passage(row))
                for row in (passages[i] for i in passage_ids if i in passages)
                if row.content_id in items
            ]

    def contents_with(self, hashes: Sequence[str]) -> set[int]:
        """Find the ids of contents by their hashes."""
        rows = select(ContentRow.id).where(ContentRow.hash.in_(hashes))
        with Session(self._engine) as session:
            return set(session.scalars(rows))

    # Stored vectors, from which the FAISS cache is made.

    def count_vectors(self, up_to: int) -> int:
        """Count the stored vectors with an id up to the one given."""
        rows = select(func.count()).select_from(PassageRow).where(PassageRow.id <= up_to)
        with Session(self._engine) as session:
            return session.scalar(rows) or 0

    def vectors_after(self, last: int, batch: int = 4096) -> Iterator[tuple[Ids, Vectors]]:
        """Read the stored vectors with a greater id, in batches of (ids, vectors)."""
        rows = select(VectorRow.passage_id, VectorRow.data).where(VectorRow.passage_id > last)
        with self._engine.connect() as connection:
            result = connection.execute(rows.order_by(VectorRow.passage_id))
            for part in result.partitions(batch):
                ids = np.array([row[0] for row in part], np.int64)
                data = np.frombuffer(b"".join(row[1] for row in part), "<f4")
                yield ids, data.reshape(len(ids), -1).astype(np.float32)


def _items(session: Session, condition: ColumnElement[bool]) -> list[tuple[Item, int]]:
    rows = select(ItemRow, ContentRow, RootRow.path)
    rows = rows.join(ContentRow, ContentRow.id == ItemRow.content_id)
    rows = rows.join(RootRow, RootRow.id == ItemRow.root_id)
    rows = rows.where(condition).order_by(ItemRow.id)
    return [
        (read_item(item, content, root), content.id)
        for item, content, root in session.execute(rows)
    ]
