"""Everything that changes a catalog.

Each method is one transaction: a process killed between two of them leaves a catalog that is true,
and the next run goes on from there. There is one writer at a time; the library's lock sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from retrieval.catalog.captions import take_over_captions, write_caption
from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.forgetting import forget, forget_place, scrub
from retrieval.catalog.mapping import read_roots
from retrieval.catalog.passages import insert_passages, rows_of
from retrieval.catalog.recall import recall
from retrieval.catalog.records import (
    FoundFile,
    KnownContent,
    NewCaption,
    NewContent,
    Root,
    Stamp,
)
from retrieval.catalog.scope import with_bytes
from retrieval.catalog.stamps import (
    EVERYWHERE,
    Where,
    adopt_others,
    pass_over,
    read_others,
    read_stamps,
    unsee,
)
from retrieval.catalog.tables import CONTENTS, ITEMS, ROOTS, SKETCHES
from retrieval.catalog.words import name_items, unname_items

PLACE = ("root_id", "path")
"""The columns of an item that say which file it is; the others say what is true of it."""
State = dict[str, Any]
"""A row of the items, but for its id."""


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

    def rename(self, root: Root, folder: Path) -> None:
        """Record that a root lies elsewhere now, with all that is known of it."""
        renamed = update(ROOTS).where(ROOTS.c.id == root.id).values(path=str(folder))
        with self._engine.begin() as connection:
            connection.execute(renamed)

    def stamps(self, root: Root, where: Where = EVERYWHERE) -> dict[str, Stamp]:
        """List the items and failures of a root last seen somewhere."""
        with self._engine.connect() as connection:
            return read_stamps(connection, root, where)

    def others(self, root: Root, where: Where, judge: str) -> dict[str, Stamp]:
        """List the files of a root somewhere that are no media, if the same judge said so."""
        with self._engine.connect() as connection:
            return read_others(connection, root, where, judge)

    def versions(self, digest: str) -> set[str]:
        """List the contents of a file's bytes that were encoded before, by their hashes."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(CONTENTS.c.hash).where(with_bytes(digest))))

    def recall(self, digest: str) -> KnownContent | None:
        """Find what bytes hold by themselves; see ``retrieval.catalog.recall``."""
        with self._engine.connect() as connection:
            return recall(connection, digest)

    def place(self, root: Root, file: FoundFile, hash: str) -> None:
        """Record that a file holds a content the catalog knows."""
        with self._engine.begin() as connection:
            kept = select(CONTENTS.c.id).where(CONTENTS.c.hash == hash)
            content_id = connection.scalars(kept).one()
            _place(connection, root, [_state(root, file, content_id)])

    def add(self, root: Root, batch: Sequence[NewContent]) -> None:
        """Record new contents with their passages, vectors and files: all of them or none."""
        with self._engine.begin() as connection:
            ids = _add_contents(connection, {new.content.hash: new for new in batch})
            states = [_state(root, new.file, ids[new.content.hash]) for new in batch]
            _place(connection, root, states)

    def caption(self, digest: str, caption: NewCaption) -> None:
        """Record what the user says of bytes; see ``retrieval.catalog.captions``."""
        with self._engine.begin() as connection:
            write_caption(connection, digest, caption)

    def sketch(self, taken: Sequence[tuple[int, bytes]]) -> None:
        """Record the sketches of contents, given by id."""
        rows = [{"content_id": content_id, "data": data} for content_id, data in taken]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(upsert(SKETCHES).on_conflict_do_nothing(), rows)

    def fail(self, root: Root, file: FoundFile, reason: str) -> None:
        """Record why a file cannot be read; it is tried again when it changes."""
        with self._engine.begin() as connection:
            _place(connection, root, [_state(root, file, failure=reason)])

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
                forget_place(connection, place)

    def scrub(self) -> None:
        """See that what was forgotten cannot be read in the catalog's file any more."""
        scrub(self._engine)

    def pass_over(self, root: Root, files: Sequence[FoundFile], judge: str) -> None:
        """Record that files are no media, until they change or another judges."""
        with self._engine.begin() as connection:
            pass_over(connection, root, files, judge)

    def retire(self, root: Root, gone: Collection[str]) -> int:
        """Mark files of a root as missing, and count those that were not."""
        present = update(ITEMS).where(ITEMS.c.root_id == root.id, ITEMS.c.missing.is_(False))
        with self._engine.begin() as connection:
            unsee(connection, root, gone)
            return sum(
                connection.execute(
                    present.where(ITEMS.c.path.in_(paths)).values(missing=True)
                ).rowcount
                for paths in in_chunks(gone)
            )


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
    adopt_others(connection, inner, outer)
    connection.execute(delete(ROOTS).where(ROOTS.c.id == inner.id))
    name_items(connection, list(moved.values()))


def _state(
    root: Root, file: FoundFile, content_id: int | None = None, failure: str | None = None
) -> State:
    return {
        "root_id": root.id,
        "path": file.path,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "beside": file.stamp.beside,
        "missing": False,
        "content_id": content_id,
        "failure": failure,
    }


def _place(connection: Connection, root: Root, states: Sequence[State]) -> None:
    """Record what is true of files of a root now."""
    if not states:
        return
    row = upsert(ITEMS)
    now = {name: row.excluded[name] for name in states[0] if name not in PLACE}
    connection.execute(row.on_conflict_do_update(index_elements=PLACE, set_=now), states)
    paths = [state["path"] for state in states]
    for chunk in in_chunks(paths):
        placed = select(ITEMS.c.id).where(ITEMS.c.root_id == root.id, ITEMS.c.path.in_(chunk))
        name_items(connection, connection.scalars(placed).all())
    unsee(connection, root, paths)


def _add_contents(connection: Connection, batch: Mapping[str, NewContent]) -> dict[str, int]:
    """Record those of some contents, given by hash, that are not known; give the ids of all."""
    ids: dict[str, int] = {}
    for chunk in in_chunks(batch):
        known = select(CONTENTS.c.hash, CONTENTS.c.id).where(CONTENTS.c.hash.in_(chunk))
        ids |= {row[0]: row[1] for row in connection.execute(known)}
    fresh = [new for new in batch.values() if new.content.hash not in ids]
    if fresh:
        made = insert(CONTENTS).returning(CONTENTS.c.id, sort_by_parameter_order=True)
        rows = [asdict(new.content) for new in fresh]
        numbered = list(zip(connection.scalars(made, rows), fresh, strict=True))
        ids |= {new.content.hash: content_id for content_id, new in numbered}
        held = (rows_of(number, new.passages, new.vectors) for number, new in numbered)
        insert_passages(connection, list(chain.from_iterable(held)))
        take_over_captions(connection, {number: new.content.digest for number, new in numbered})
    return ids
