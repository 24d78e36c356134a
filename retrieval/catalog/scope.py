"""Which contents may answer a query: the filters, as one statement over the catalog.

A content may answer when some present file holds it and passes every filter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from os.path import expanduser
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from retrieval.catalog.records import Root
from retrieval.catalog.tables import CONTENTS, FAVOURITES, ITEMS
from retrieval.media import Filters


def held_in_scope(filters: Filters, roots: list[Root]) -> Select[Any]:
    """Select the ids of what files in scope hold, some of them more than once."""
    rows = select(ITEMS.c.content_id)
    if filters == Filters(folder=filters.folder):
        return rows.where(ITEMS.c.content_id.is_not(None), _files_pass(filters, roots))
    return rows.select_from(ITEMS.join(CONTENTS)).where(items_in_scope(filters, roots))


def contents_in_scope(filters: Filters) -> Select[int]:
    """Select the ids of contents that pass, whatever files hold them."""
    return select(CONTENTS.c.id).where(_contents_pass(filters))


def dated_in_scope(filters: Filters, roots: list[Root]) -> Select[Any, Any]:
    """Select contents' ids, each with a number that is greater the newer its file is."""
    seconds = _dated(partial(func.strftime, "%s"))
    rows = select(ITEMS.c.content_id, seconds).select_from(ITEMS.join(CONTENTS))
    return rows.where(items_in_scope(filters, roots))


def items_in_scope(filters: Filters, roots: list[Root]) -> ColumnElement[bool]:
    """Give the condition on items joined with contents."""
    dated = _dated(func.datetime)
    return and_(
        _files_pass(filters, roots),
        _contents_pass(filters),
        dated >= _local(filters.after) if filters.after else true(),
        dated <= _local(filters.before) if filters.before else true(),
    )


def _files_pass(filters: Filters, roots: list[Root]) -> ColumnElement[bool]:
    folder = _in_folder(filters.folder, roots) if filters.folder else true()
    return and_(ITEMS.c.missing.is_(False), folder)


def _contents_pass(filters: Filters) -> ColumnElement[bool]:
    size, duration = CONTENTS.c.size, CONTENTS.c.duration
    return and_(
        CONTENTS.c.kind.in_(filters.kinds) if filters.kinds else true(),
        size >= filters.min_size if filters.min_size is not None else true(),
        size <= filters.max_size if filters.max_size is not None else true(),
        duration >= filters.min_duration if filters.min_duration is not None else true(),
        duration <= filters.max_duration if filters.max_duration is not None else true(),
        CONTENTS.c.id.in_(_favourites()) if filters.favourite else true(),
    )


def _favourites() -> Select[int]:
    rows = select(CONTENTS.c.id).select_from(FAVOURITES)
    return rows.join(CONTENTS, with_bytes(FAVOURITES.c.digest))


def _dated(written: Callable[..., ColumnElement[str]]) -> ColumnElement[str]:
    """Say when a picture was taken or, where unknown, its file was modified, in local time."""
    modified = written(ITEMS.c.mtime_ns / 1_000_000_000, "unixepoch", "localtime")
    return func.coalesce(written(CONTENTS.c.taken_at), modified)


def _in_folder(folder: str, roots: list[Root]) -> ColumnElement[bool]:
    return or_(false(), *(_in_folder_of(root, folder) for root in roots))


def _in_folder_of(root: Root, folder: str) -> ColumnElement[bool]:
    """Read the folder as absolute, as relative to the root, or as starting with its name."""
    wanted = Path(expanduser(folder))  # Path.expanduser raises where there is no such user.
    here = ITEMS.c.root_id == root.id
    if wanted.is_absolute():
        return _at(wanted, root)
    parts = PurePosixPath(wanted.as_posix()).parts
    if not parts:
        return here
    named = parts[0] == root.path.name
    whole = true() if named and len(parts) == 1 else false()
    rest = below("/".join(parts[1:])) if named and len(parts) > 1 else false()
    return and_(here, or_(below("/".join(parts)), whole, rest))


def at_or_below(place: Path, roots: Sequence[Root]) -> ColumnElement[bool]:
    """Give the condition on items that lie at or below an absolute path."""
    return or_(false(), *(_at(place, root) for root in roots))


def _at(place: Path, root: Root) -> ColumnElement[bool]:
    here = ITEMS.c.root_id == root.id
    if root.path.is_relative_to(place):
        return here
    inside = place.is_relative_to(root.path)
    return and_(here, below(place.relative_to(root.path).as_posix())) if inside else false()


def below(folder: str, path: ColumnElement[str] = ITEMS.c.path) -> ColumnElement[bool]:
    """Give the condition on items that are the folder, a file after all, or lie below it."""
    # A range, unlike LIKE, minds case, needs no escaping and uses the index; "0" follows "/".
    return or_(path == folder, and_(path >= f"{folder}/", path < f"{folder}0"))


def with_bytes(digest: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Give the condition on contents of a file's bytes, whatever caption belongs to them."""
    # What follows the digest begins with a hyphen, and the dot comes after it.
    return and_(CONTENTS.c.hash >= digest, CONTENTS.c.hash < digest + ".")


def _local(moment: datetime) -> str:
    """Write a moment the way SQLite's datetime() writes local times, so that they compare."""
    local = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    return local.isoformat(" ", "seconds")
