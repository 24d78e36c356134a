"""Which contents may answer a query: the filters, as one statement over the catalog.

A content may answer when some present file holds it and passes every filter.
"""

from __future__ import annotations

from datetime import datetime
from os.path import expanduser
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from retrieval.catalog.models import ContentRow, ItemRow
from retrieval.catalog.records import Root
from retrieval.media import Filters


def contents_in_scope(filters: Filters, roots: list[Root]) -> Select[Any]:
    """Select the contents' ids, some of them more than once."""
    rows = select(ItemRow.content_id).where(items_in_scope(filters, roots))
    if filters == Filters():
        return rows.where(ItemRow.content_id.is_not(None))
    return rows.join(ContentRow, ContentRow.id == ItemRow.content_id)


def newest_in_scope(filters: Filters, roots: list[Root]) -> Select[Any]:
    """Select the same, newest first."""
    rows = select(ItemRow.content_id).join(ContentRow, ContentRow.id == ItemRow.content_id)
    rows = rows.where(items_in_scope(filters, roots))
    return rows.order_by(_dated().desc(), ItemRow.content_id.desc())


def items_in_scope(filters: Filters, roots: list[Root]) -> ColumnElement[bool]:
    """Give the condition on items joined with contents."""
    shortest, longest = filters.min_duration, filters.max_duration
    dated = _dated()
    return and_(
        ItemRow.missing.is_(False),
        ContentRow.kind.in_(filters.kinds) if filters.kinds else true(),
        _in_folder(filters.folder, roots) if filters.folder else true(),
        dated >= _local(filters.after) if filters.after else true(),
        dated <= _local(filters.before) if filters.before else true(),
        ContentRow.size >= filters.min_size if filters.min_size is not None else true(),
        ContentRow.size <= filters.max_size if filters.max_size is not None else true(),
        ContentRow.duration >= shortest if shortest is not None else true(),
        ContentRow.duration <= longest if longest is not None else true(),
    )


def _dated() -> ColumnElement[str]:
    """Say when a picture was taken or, where unknown, its file was modified, in local time."""
    modified = func.datetime(ItemRow.mtime_ns / 1_000_000_000, "unixepoch", "localtime")
    return func.coalesce(func.datetime(ContentRow.taken_at), modified)


def _in_folder(folder: str, roots: list[Root]) -> ColumnElement[bool]:
    return or_(false(), *(_in_folder_of(root, folder) for root in roots))


def _in_folder_of(root: Root, folder: str) -> ColumnElement[bool]:
    """Read the folder as absolute, as relative to the root, or as starting with its name."""
    wanted = Path(expanduser(folder))  # Path.expanduser raises where there is no such user.
    here = ItemRow.root_id == root.id
    if wanted.is_absolute():
        if root.path.is_relative_to(wanted):
            return here
        inside = wanted.is_relative_to(root.path)
        return and_(here, _below(wanted.relative_to(root.path).as_posix())) if inside else false()
    parts = PurePosixPath(wanted.as_posix()).parts
    if not parts:
        return here
    named = parts[0] == root.path.name
    whole = true() if named and len(parts) == 1 else false()
    rest = _below("/".join(parts[1:])) if named and len(parts) > 1 else false()
    return and_(here, or_(_below("/".join(parts)), whole, rest))


def _below(folder: str) -> ColumnElement[bool]:
    # A range, unlike LIKE, minds case, needs no escaping and uses the index; "0" follows "/".
    below = and_(ItemRow.path >= f"{folder}/", ItemRow.path < f"{folder}0")
    return or_(ItemRow.path == folder, below)


def _local(moment: datetime) -> str:
    """Write a moment the way SQLite's datetime() writes local times, so that they compare."""
    local = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    return local.isoformat(" ", "seconds")
