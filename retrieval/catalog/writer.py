"""Everything that changes a catalog.

Each method is one transaction: a process killed between two of them leaves a catalog that is true,
and the next run goes on from there. There is one writer at a time; the library's lock sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.models import (
    ContentRow,
    ItemRow,
    PassageRow,
    RootRow,
    SketchRow,
    VectorRow,
)
from retrieval.catalog.records import FoundFile, NewContent, Root, Stamp
from retrieval.catalog.words import add_passages, name_items


class Writer:
    """The one object that may change a catalog while it exists."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def root(self, folder: Path) -> Root:
        """Find the root that is or contains the folder, or make the folder a root.

        Roots inside the folder become part of it, and their items keep what is known of them.
        """
        folder = folder.resolve()
        with Session(self._engine) as session, session.begin():
            rows = list(session.scalars(select(RootRow)))
            for row in rows:
                if folder.is_relative_to(row.path):
                    return Root(row.id, Path(row.path))
            root = RootRow(path=str(folder))
            session.add(root)
            session.flush()
            for row in rows:
                if Path(row.path).is_relative_to(folder):
                    _adopt(session, row, root)
            return Root(root.id, folder)

    def stamps(self, root: Root, under: str = "") -> dict[str, Stamp]:
        """List the files last seen in a folder of the root, failures included."""
        rows = select(ItemRow.path, ItemRow.size, ItemRow.mtime_ns)
        rows = rows.where(ItemRow.root_id == root.id, ItemRow.missing.is_(False))
        with Session(self._engine) as session:
            return {
                path: Stamp(size, mtime_ns)
                for path, size, mtime_ns in session.execute(rows)
                if _lies_under(path, under)
            }

    def knows(self, hash: str) -> bool:
        """Tell whether these bytes were encoded before, at whatever path."""
        with Session(self._engine) as session:
            return session.scalar(select(ContentRow.id).where(ContentRow.hash == hash)) is not None

    def place(self, root: Root, file: FoundFile, hash: str) -> None:
        """Record that a file holds a content the catalog knows."""
        with Session(self._engine) as session, session.begin():
            content = select(ContentRow.id).where(ContentRow.hash == hash)
            _place(session, root, file, content_id=session.scalars(content).one(), failure=None)

    def add(self, root: Root, batch: Sequence[NewContent]) -> None:
        """Record new contents with their passages, vectors and files: all of them or none."""
        with Session(self._engine) as session, session.begin():
            for new in batch:
                known = select(ContentRow.id).where(ContentRow.hash == new.content.hash)
                content_id = session.scalar(known) or _add_content(session, new)
                _place(session, root, new.file, content_id=content_id, failure=None)

    def sketch(self, taken: Sequence[tuple[int, bytes]]) -> None:
        """Record the sketches of contents, given by id."""
        rows = [{"content_id": content_id, "data": data} for content_id, data in taken]
        if rows:
            with Session(self._engine) as session, session.begin():
                session.execute(upsert(SketchRow).on_conflict_do_nothing(), rows)

    def fail(self, root: Root, file: FoundFile, reason: str) -> None:
        """Record why a file cannot be read; it is tried again when it changes."""
        with Session(self._engine) as session, session.begin():
            _place(session, root, file, content_id=None, failure=reason)

    def retire(self, root: Root, under: str, seen: Iterable[str]) -> int:
        """Mark the files of a folder that were not seen as missing, and count them."""
        gone = sorted(self.stamps(root, under).keys() - set(seen))
        with Session(self._engine) as session, session.begin():
            for paths in in_chunks(gone):
                rows = update(ItemRow).where(ItemRow.root_id == root.id, ItemRow.path.in_(paths))
                session.execute(rows.values(missing=True))
        return len(gone)


def _lies_under(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _adopt(session: Session, inner: RootRow, outer: RootRow) -> None:
    prefix = Path(inner.path).relative_to(outer.path).as_posix()
    moved = session.scalars(select(ItemRow.id).where(ItemRow.root_id == inner.id)).all()
    items = update(ItemRow).where(ItemRow.root_id == inner.id)
    session.execute(items.values(root_id=outer.id, path=f"{prefix}/" + ItemRow.path))
    session.delete(inner)
    name_items(session.connection(), moved)


def _place(
    session: Session, root: Root, file: FoundFile, *, content_id: int | None, failure: str | None
) -> None:
    state = {
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "missing": False,
        "content_id": content_id,
        "failure": failure,
    }
    row = upsert(ItemRow).values(root_id=root.id, path=file.path, **state)
    row = row.on_conflict_do_update(index_elements=["root_id", "path"], set_=state)
    item_id = session.scalars(row.returning(ItemRow.id)).one()
    name_items(session.connection(), [item_id])


def _add_content(session: Session, new: NewContent) -> int:
    if len(new.passages) != len(new.vectors):
        raise ValueError(f"{len(new.passages)} passages but {len(new.vectors)} vectors")
    row = ContentRow(**asdict(new.content))
    session.add(row)
    session.flush()
    if new.passages:
        passages = [
            {"content_id": row.id, "ordinal": i, **asdict(passage)}
            for i, passage in enumerate(new.passages)
        ]
        ids = session.scalars(
            insert(PassageRow).returning(PassageRow.id, sort_by_parameter_order=True), passages
        ).all()
        blobs = np.ascontiguousarray(new.vectors, dtype="<f4")
        vectors = [
            {"passage_id": passage_id, "data": blob.tobytes()}
            for passage_id, blob in zip(ids, blobs, strict=True)
        ]
        session.execute(insert(VectorRow), vectors)
        texts = [passage.text for passage in new.passages]
        add_passages(session.connection(), list(zip(ids, texts, strict=True)))
    return row.id
