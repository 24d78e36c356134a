"""Everything that changes a catalog.

Each method is one transaction: a process killed between two of them leaves a catalog that is true,
and the next run goes on from there. There is one writer at a time; the library's lock sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, Select, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.forgetting import forget, forget_roots, scrub
from retrieval.catalog.mapping import read_roots
from retrieval.catalog.records import FoundFile, NewContent, Root, Stamp
from retrieval.catalog.scope import below
from retrieval.catalog.tables import CONTENTS, ITEMS, PASSAGES, ROOTS, SKETCHES, VECTORS
from retrieval.catalog.words import add_passages, name_items, unname_items


class Writer:
    """The one object that may change a catalog while it exists."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def root(self, folder: Path, apart: Collection[Path] = ()) -> Root:
        """Find the root that is or contains the folder, or make the folder a root.

        Other roots inside it become part of it, and their items keep what is known of them; only
        those ``apart`` stay by themselves.
        """
        folder = folder.resolve()
        with self._engine.begin() as connection:
            roots = read_roots(connection)
            around = (root for root in roots if folder.is_relative_to(root.path))
            outer = next(around, None) or _add_root(connection, folder)
            for root in roots:
                inside = root.id != outer.id and root.path.is_relative_to(outer.path)
                if inside and root.path not in apart:
                    _adopt(connection, root, outer)
            return outer

    def stamps(self, root: Root, under: str = "") -> dict[str, Stamp]:
        """List the files last seen in a folder of the root, failures included."""
        rows = select(ITEMS.c.path, ITEMS.c.size, ITEMS.c.mtime_ns)
        rows = rows.where(ITEMS.c.root_id == root.id, ITEMS.c.missing.is_(False))
        if under:
            rows = rows.where(below(under))
        with self._engine.connect() as connection:
            return {path: Stamp(size, mtime) for path, size, mtime in connection.execute(rows)}

    def knows(self, hash: str) -> bool:
        """Tell whether these bytes were encoded before, at whatever path."""
        with self._engine.connect() as connection:
            return connection.scalar(_content_with(hash)) is not None

    def place(self, root: Root, file: FoundFile, hash: str) -> None:
        """Record that a file holds a content the catalog knows."""
        with self._engine.begin() as connection:
            content_id = connection.scalars(_content_with(hash)).one()
            _place(connection, root, file, content_id=content_id, failure=None)

    def add(self, root: Root, batch: Sequence[NewContent]) -> None:
        """Record new contents with their passages, vectors and files: all of them or none."""
        with self._engine.begin() as connection:
            for new in batch:
                known = connection.scalar(_content_with(new.content.hash))
                content_id = known or _add_content(connection, new)
                _place(connection, root, new.file, content_id=content_id, failure=None)

    def sketch(self, taken: Sequence[tuple[int, bytes]]) -> None:
        """Record the sketches of contents, given by id."""
        rows = [{"content_id": content_id, "data": data} for content_id, data in taken]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(upsert(SKETCHES).on_conflict_do_nothing(), rows)

    def fail(self, root: Root, file: FoundFile, reason: str) -> None:
        """Record why a file cannot be read; it is tried again when it changes."""
        with self._engine.begin() as connection:
            _place(connection, root, file, content_id=None, failure=reason)

    def forget(
        self,
        places: Sequence[Path],
        items: Collection[int],
        discard: Callable[[Iterable[str]], None],
    ) -> None:
        """Delete the items at or below paths; see ``retrieval.catalog.forgetting``."""
        with self._engine.begin() as connection:
            forget(connection, items, discard)
            for place in places:
                forget_roots(connection, place)

    def scrub(self) -> None:
        """See that what was forgotten cannot be read in the catalog's file any more."""
        scrub(self._engine)

    def retire(self, root: Root, gone: Collection[str]) -> int:
        """Mark files of a root as missing, and count those that were not."""
        present = update(ITEMS).where(ITEMS.c.root_id == root.id, ITEMS.c.missing.is_(False))
        with self._engine.begin() as connection:
            return sum(
                connection.execute(
                    present.where(ITEMS.c.path.in_(paths)).values(missing=True)
                ).rowcount
                for paths in in_chunks(gone)
            )


def _content_with(hash: str) -> Select[int]:
    return select(CONTENTS.c.id).where(CONTENTS.c.hash == hash)


def _add_root(connection: Connection, folder: Path) -> Root:
    made = insert(ROOTS).values(path=str(folder)).returning(ROOTS.c.id)
    return Root(connection.scalars(made).one(), folder)


def _adopt(connection: Connection, inner: Root, outer: Root) -> None:
    """Move a root's items to the root around it, where those of the same files give way."""
    prefix = inner.path.relative_to(outer.path).as_posix()
    held = select(ITEMS.c.id, f"{prefix}/" + ITEMS.c.path).where(ITEMS.c.root_id == inner.id)
    moved = {path: item for item, path in connection.execute(held)}
    for paths in in_chunks(moved):
        twice = delete(ITEMS).where(ITEMS.c.root_id == outer.id, ITEMS.c.path.in_(paths))
        unname_items(connection, connection.scalars(twice.returning(ITEMS.c.id)).all())
    items = update(ITEMS).where(ITEMS.c.root_id == inner.id)
    connection.execute(items.values(root_id=outer.id, path=f"{prefix}/" + ITEMS.c.path))
    connection.execute(delete(ROOTS).where(ROOTS.c.id == inner.id))
    name_items(connection, list(moved.values()))


def _place(
    connection: Connection,
    root: Root,
    file: FoundFile,
    *,
    content_id: int | None,
    failure: str | None,
) -> None:
    state = {
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "missing": False,
        "content_id": content_id,
        "failure": failure,
    }
    row = upsert(ITEMS).values(root_id=root.id, path=file.path, **state)
    row = row.on_conflict_do_update(index_elements=["root_id", "path"], set_=state)
    item_id = connection.scalars(row.returning(ITEMS.c.id)).one()
    name_items(connection, [item_id])


def _add_content(connection: Connection, new: NewContent) -> int:
    if len(new.passages) != len(new.vectors):
        raise ValueError(f"{len(new.passages)} passages but {len(new.vectors)} vectors")
    made = insert(CONTENTS).values(asdict(new.content)).returning(CONTENTS.c.id)
    content_id = connection.scalars(made).one()
    if new.passages:
        passages = [
            {"content_id": content_id, "ordinal": i, **asdict(passage)}
            for i, passage in enumerate(new.passages)
        ]
        ids = connection.scalars(
            insert(PASSAGES).returning(PASSAGES.c.id, sort_by_parameter_order=True), passages
        ).all()
        blobs = np.ascontiguousarray(new.vectors, dtype="<f4")
        vectors = [
            {"passage_id": passage_id, "data": blob.tobytes()}
            for passage_id, blob in zip(ids, blobs, strict=True)
        ]
        connection.execute(insert(VECTORS), vectors)
        texts = [passage.text for passage in new.passages]
        add_passages(connection, list(zip(ids, texts, strict=True)))
    return content_id
