"""What leaves a catalog for good: files, and the contents that no other file holds.

To retire a file keeps what is known of it, in case it comes back; to forget one keeps nothing. What
a file held before it was last changed is nobody's, and goes with whatever is forgotten first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, or_, select
from sqlalchemy.exc import OperationalError

from retrieval.catalog.captions import forget_captions
from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.favourites import forget_favourites
from retrieval.catalog.mapping import read_roots
from retrieval.catalog.records import Root
from retrieval.catalog.scope import at_or_below
from retrieval.catalog.stamps import forget_others
from retrieval.catalog.tables import CONTENTS, ITEMS, ROOTS
from retrieval.catalog.words import TABLES, remove_passages, unname_items
from retrieval.errors import StillReadable
from retrieval.sidecars import beginning_of, pair

LATER = "It goes when something else is forgotten."
PATIENCE_MS = 1000
"""For those who read meanwhile: whoever would write waits just as long."""


def items_at(connection: Connection, place: Path) -> dict[int, int]:
    """Find what is known at or below an absolute path: the bytes of files by their items' ids.

    Files that are missing are known as well. With a file go its sidecars that are items too: those
    that could not be read, and those that were files of their own once.
    """
    roots = read_roots(connection)
    rows = select(ITEMS.c.id, ITEMS.c.size).where(at_or_below(place, roots))
    found = dict(connection.execute(rows).all())
    for root in roots:
        if found and place != root.path and place.is_relative_to(root.path):
            found |= _sidecars_of(connection, root, place.relative_to(root.path).as_posix())
    return found


def _sidecars_of(connection: Connection, root: Root, path: str) -> dict[int, int]:
    """Find the items that are none any more, or never were, since they belong to a file."""
    unread = or_(ITEMS.c.missing, ITEMS.c.failure.is_not(None))
    rows = select(ITEMS.c.path, ITEMS.c.id, ITEMS.c.size, unread)
    folder, slash, name = path.rpartition("/")
    begins = folder + slash + beginning_of(name)
    # Code points end there, so the range is of all that begins so.
    begin_so = and_(ITEMS.c.path >= begins, ITEMS.c.path <= begins + chr(sys.maxunicode))
    found = connection.execute(rows.where(ITEMS.c.root_id == root.id, begin_so))
    parted = ((there.rpartition("/"), row) for there, *row in found)
    near = {last: row for (before, _, last), row in parted if before == folder}
    theirs = (near[sidecar] for sidecar in pair(near).get(name, ()))
    return {item: size for item, size, is_unread in theirs if is_unread}


def forget(
    connection: Connection, items: Collection[int], discard: Callable[[Iterable[str]], None]
) -> None:
    """Delete items, and the contents that no other file holds.

    ``discard`` is given the hashes of the contents that go, before they do: an error of its own
    leaves the catalog as it was.
    """
    theirs: set[int | None] = set()
    for chunk in in_chunks(items):
        some = ITEMS.c.id.in_(chunk)
        theirs.update(connection.scalars(select(ITEMS.c.content_id).where(some)))
        _delete_items(connection, some)
    doomed = _held_by_none(connection, ITEMS.c.missing.is_(False)) & theirs
    doomed |= _held_by_none(connection, ITEMS.c.id.is_not(None))
    for contents in in_chunks(doomed):
        hashes = select(CONTENTS.c.hash).where(CONTENTS.c.id.in_(contents))
        discard(connection.scalars(hashes).all())
        _delete_contents(connection, contents)
    forget_captions(connection)
    forget_favourites(connection)


def forget_place(connection: Connection, place: Path) -> None:
    """Delete the roots at or below an absolute path, and the names of what is no media there.

    No items are left of them.
    """
    for root in read_roots(connection):
        if root.path.is_relative_to(place):
            connection.execute(delete(ROOTS).where(ROOTS.c.id == root.id))
        elif place.is_relative_to(root.path):
            forget_others(connection, root, place.relative_to(root.path).as_posix())


def scrub(engine: Engine) -> None:
    """Write the file anew, so that what was deleted cannot be read in it any more.

    SQLite only marks as free what is deleted, a word index only adds that a word is gone, and the
    log of writes keeps both. Takes as long as copying the file, and as much room on the disk.
    Raises StillReadable where that cannot be done now.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # for its patience is its own
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            for table in TABLES:
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            connection.exec_driver_sql("VACUUM")
            log = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_ = log.one()
    except OperationalError as error:
        raise StillReadable(
            f"What was forgotten is not found any more, but its words are still in the catalog's "
            f"file, which could not be written anew ({error.orig}). {LATER}"
        ) from error
    if is_busy:
        raise StillReadable(
            "What was forgotten is not found any more, but its words are still in the catalog's "
            f"file, since another process reads it all the time. {LATER}"
        )


def _held_by_none(connection: Connection, items: ColumnElement[bool]) -> set[int]:
    """List the contents that none of some items holds."""
    held = select(ITEMS.c.content_id).where(items, ITEMS.c.content_id.is_not(None))
    return set(connection.scalars(select(CONTENTS.c.id).where(CONTENTS.c.id.not_in(held))))


def _delete_items(connection: Connection, condition: ColumnElement[bool]) -> None:
    gone = delete(ITEMS).where(condition).returning(ITEMS.c.id)
    unname_items(connection, connection.scalars(gone).all())


def _delete_contents(connection: Connection, contents: Collection[int]) -> None:
    """Delete contents with all that is theirs, and the missing files that once held them."""
    _delete_items(connection, ITEMS.c.content_id.in_(contents))
    for content in contents:
        remove_passages(connection, content)
    connection.execute(delete(CONTENTS).where(CONTENTS.c.id.in_(contents)))
