"""What the page about the library shows beside ``/api/v1/stats``: its months, folders and bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from retrieval.catalog.overview import Months
from retrieval.footprint import Footprint, measure_footprint
from retrieval.library import Library
from retrieval.media import Kind
from webui.current import current_library
from webui.fields import TimelineFields
from webui.request_query import read_fields

blueprint = Blueprint("overview", __name__, url_prefix="/api/v1")

MOST_FOLDERS = 500
"""That are named; a person chooses among them."""


class MonthBody(BaseModel):
    """A month, and what is of it."""

    month: str
    """The month: 2024-05."""
    items: dict[Kind, int]
    """How many items there are of each kind."""


class TimelineReply(BaseModel):
    """How many items there are of each month that has any, the earliest first."""

    ok: Literal[True] = True
    """Always true."""
    months: list[MonthBody]
    """The months: a picture's is when it was taken, else that of the file's last change."""

    @classmethod
    def of(cls, counted: Sequence[Months]) -> Self:
        """Describe what was counted of each kind, by month."""
        months: dict[str, dict[Kind, int]] = {}
        for one in counted:
            for month, items in zip(one.months.astype(str), one.items, strict=True):
                months.setdefault(month, {})[one.kind] = int(items)
        return cls(months=[MonthBody(month=m, items=months[m]) for m in sorted(months)])


class FolderBody(BaseModel):
    """An indexed folder."""

    path: str
    """The folder."""
    items: int
    """How many items of it are kept."""
    offline: bool
    """Whether it cannot be reached now; its items are found all the same."""


class NamedFolderBody(BaseModel):
    """A folder that holds items, as the filter `in` takes it."""

    path: str
    """The folder, from the name of the indexed one on: Pictures/Holiday/2024."""
    items: int
    """How many items are in it and its sub-folders."""


class FoldersReply(BaseModel):
    """The folders that items are in."""

    ok: Literal[True] = True
    """Always true."""
    folders: list[NamedFolderBody]
    """The folders in order of their paths; of more than 500, those with the most items."""

    @classmethod
    def of(cls, counted: Counter[str]) -> Self:
        """Describe what was counted of each folder."""
        fullest = sorted(counted.most_common(MOST_FOLDERS))
        return cls(folders=[NamedFolderBody(path=path, items=items) for path, items in fullest])


class DiskBody(BaseModel):
    """Bytes that the library itself takes on disk; the files it knows of are not among them."""

    catalog: int
    """Of what is known about the files, and their vectors: the truth."""
    vectors: int
    """Of the vectors again, as they are searched."""
    thumbnails: int
    """Of small pictures."""
    rest: int
    """Of everything else in its directory, such as the map."""
    free: int
    """Bytes that are free there."""

    @classmethod
    def of(cls, footprint: Footprint) -> Self:
        """Describe what a library takes."""
        return cls.model_validate(footprint, from_attributes=True)


class HoldingsReply(BaseModel):
    """The folders of a library, and what it takes on disk."""

    ok: Literal[True] = True
    """Always true."""
    folders: list[FolderBody]
    """The folders that are indexed."""
    media: dict[Kind, int]
    """Bytes of the indexed files of each kind."""
    disk: DiskBody
    """Bytes of the library itself."""
    changed_at: datetime
    """When a run or a wish to forget last changed what the library knows."""

    @classmethod
    def of(cls, library: Library) -> Self:
        """Describe a library."""
        held, footprint = library.catalog.census.held(), measure_footprint(library.path)
        offline = {one.path for one in library.offline()}
        roots = library.catalog.roots()
        folders = [
            FolderBody(path=str(r.path), items=held.get(r.id, 0), offline=r.path in offline)
            for r in roots
        ]
        media = library.catalog.overview.bytes_by_kind()
        changed_at = footprint.changed_at
        return cls(folders=folders, media=media, disk=DiskBody.of(footprint), changed_at=changed_at)


@blueprint.get("/timeline")
def timeline() -> ResponseReturnValue:
    """Count the items that pass filters by month.

    A picture belongs to the month in which it was taken; what has no such date, to that in which
    its file was last modified.
    """
    filters = read_fields(TimelineFields, request.args).as_filters()
    counted = current_library().catalog.overview.months(filters)
    return TimelineReply.of(counted).model_dump(mode="json")


@blueprint.get("/folders")
def folders() -> ResponseReturnValue:
    """Count the items in each folder, for a person to choose one to search in."""
    return FoldersReply.of(current_library().catalog.overview.folders()).model_dump(mode="json")


@blueprint.get("/holdings")
def holdings() -> ResponseReturnValue:
    """Say what each indexed folder holds, and what the library takes on disk."""
    return HoldingsReply.of(current_library()).model_dump(mode="json")
