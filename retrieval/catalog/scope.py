"""Which passages may answer a query: the filters, as one statement over the catalog.

A passage may answer when some present file holds its content and passes every filter.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from retrieval.catalog.models import ContentRow, ItemRow, PassageRow
from retrieval.catalog.records import Root
from retrieval.media import Filters, Kind


def passages_in_scope(filters: Filters, roots: list[Root]) -> Select[int, Kind, int]:
    """Select (passage id, passage kind, content id), in order of passage id."""
    holds = select(ItemRow.content_id).join(ContentRow, ContentRow.id == ItemRow.content_id)
    holds = holds.where(items_in_scope(filters, roots))
    rows = select(PassageRow.id, PassageRow.kind, PassageRow.content_id)
    return rows.where(PassageRow.content_id.in_(holds)).order_by(PassageRow.id)


def items_in_scope(filters: Filters, roots: list[Root]) -> ColumnElement[bool]:
    """Give the condition on items joined with contents."""
    dated = func.coalesce(
        func.datetime(ContentRow.taken_at),
        func.datetime(ItemRow.mtime_ns / 1_000_000_000, "unixepoch", "localtime"),
    )
    return and_(
        ItemRow.missing.is_(False),
        ContentRow.kind.in_(filters.kinds) if filters.kinds else true(),
        _in_folder(filters.folder, roots) if filters.folder else true(),
        dated >= _local(filters.after) if filters.after else true(),
        dated <= _local(filters.before) if filters.before else true(),
    )


def _in_folder(folder: str, roots: list[Root]) -> ColumnElement[bool]:
    return or_(false(), *(_in_folder_of(root, folder) for root in roots))


def _in_folder_of(root: Root, folder: str) -> ColumnElement[bool]:
    """Read the folder as absolute, as relative to the root, or as starting with its name."""
    wanted = Path(folder).expanduser()
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
