"""Makes the values that leave the catalog out of its rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from retrieval.catalog.models import ContentRow, ItemRow, PassageRow
from retrieval.media import Content, Item, Kind, Passage


def read_item(item: ItemRow, content: ContentRow, root: str) -> Item:
    """Make an item of its rows."""
    modified = datetime.fromtimestamp(item.mtime_ns / 1e9).astimezone()
    return Item(item.id, Path(root), item.path, modified, _content(content))


def _content(row: ContentRow) -> Content:
    return Content(
        hash=row.hash,
        kind=Kind(row.kind),
        mime=row.mime,
        size=row.size,
        title=row.title,
        width=row.width,
        height=row.height,
        duration=row.duration,
        taken_at=row.taken_at,
    )


def read_passage(row: PassageRow) -> Passage:
    """Make a passage of its row."""
    return Passage(
        kind=Kind(row.kind),
        text=row.text,
        page=row.page,
        char_start=row.char_start,
        char_end=row.char_end,
        start=row.start,
        end=row.end,
    )
