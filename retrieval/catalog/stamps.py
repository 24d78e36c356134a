"""What the file system said of files when they were last seen, so that few need be opened again.

Beside the items and the failures these are the ``others``: files that are no media. They count as
seen only if whoever judged them so is still the judge, as one that reads more kinds would not be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.records import FoundFile, Root, Stamp
from retrieval.catalog.scope import below
from retrieval.catalog.tables import ITEMS, OTHERS

NEVER = -1
"""The date of a file that is to be looked at again, though it may not have changed."""

Where = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Gives the condition on a column of paths."""


def at_or_below(under: str) -> Where:
    """Want what lies at or below a place of a root, which may be the root itself."""
    return lambda path: below(under, path) if under else true()


EVERYWHERE = at_or_below("")


def beside(place: str) -> Where:
    """Want what lies in the same folder as a place, and what lies at or below the place."""
    folder = str(PurePosixPath(place).parent)
    prefix = "" if folder == "." else f"{folder}/"

    def condition(path: ColumnElement[str]) -> ColumnElement[bool]:
        inside = func.instr(func.substr(path, len(prefix) + 1), "/") == 0
        within = below(folder, path) if prefix else true()
        return or_(below(place, path), and_(within, inside))

    return condition


def read_stamps(connection: Connection, root: Root, where: Where) -> dict[str, Stamp]:
    """List the items and failures last seen, by their paths."""
    rows = select(ITEMS.c.path, ITEMS.c.size, ITEMS.c.mtime_ns, ITEMS.c.beside)
    rows = rows.where(ITEMS.c.root_id == root.id, ITEMS.c.missing.is_(False))
    found = connection.execute(rows.where(where(ITEMS.c.path)))
    return {path: Stamp(size, mtime, sidecars) for path, size, mtime, sidecars in found}


def read_others(connection: Connection, root: Root, where: Where, judge: str) -> dict[str, Stamp]:
    """List the files that are no media, by their paths; what another judge saw was never seen."""
    date = case((OTHERS.c.judge == judge, OTHERS.c.mtime_ns), else_=NEVER)
    rows = select(OTHERS.c.path, OTHERS.c.size, date).where(OTHERS.c.root_id == root.id)
    found = connection.execute(rows.where(where(OTHERS.c.path)))
    return {path: Stamp(size, mtime) for path, size, mtime in found}


def pass_over(connection: Connection, root: Root, files: Sequence[FoundFile], judge: str) -> None:
    """Note that files are no media."""
    rows = [
        {"root_id": root.id, "path": file.path, "size": file.size, "mtime_ns": file.mtime_ns}
        for file in files
    ]
    row = upsert(OTHERS).values(judge=judge)
    seen = {name: row.excluded[name] for name in ("size", "mtime_ns", "judge")}
    if rows:
        connection.execute(
            row.on_conflict_do_update(index_elements=["root_id", "path"], set_=seen), rows
        )


def unsee(connection: Connection, root: Root, paths: Collection[str]) -> None:
    """Take back that files are no media, of those that were."""
    for chunk in in_chunks(paths):
        here = OTHERS.c.root_id == root.id
        connection.execute(delete(OTHERS).where(here, OTHERS.c.path.in_(chunk)))


def forget_others(connection: Connection, root: Root, under: str) -> None:
    """Forget the names of files that are no media at or below a place of a root."""
    at = at_or_below(under)(OTHERS.c.path)
    connection.execute(delete(OTHERS).where(OTHERS.c.root_id == root.id, at))


def adopt_others(connection: Connection, inner: Root, outer: Root) -> None:
    """Move a root's files that are no media to the root around it, where they are not known."""
    prefix = f"{inner.path.relative_to(outer.path).as_posix()}/"
    known = select(OTHERS.c.path).where(OTHERS.c.root_id == outer.id)
    moved = update(OTHERS).where(
        OTHERS.c.root_id == inner.id, (prefix + OTHERS.c.path).not_in(known)
    )
    connection.execute(moved.values(root_id=outer.id, path=prefix + OTHERS.c.path))
