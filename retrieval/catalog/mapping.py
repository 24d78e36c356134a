"""Makes the values that leave the catalog out of its rows.

Rows are plain columns, in the order in which the functions here take them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, func, select

from retrieval.catalog.records import Root
from retrieval.catalog.tables import CAPTIONS, CONTENTS, FAVOURITES, ITEMS, PASSAGES, ROOTS
from retrieval.media import DIGEST, Content, Item, Kind, Passage

FILES = ITEMS.join(CONTENTS).join(ROOTS)
"""What a row of ITEM is selected from: the files that could be read."""

CONTENT = (
    CONTENTS.c.hash,
    CONTENTS.c.kind,
    CONTENTS.c.mime,
    CONTENTS.c.size,
    CONTENTS.c.title,
    CONTENTS.c.width,
    CONTENTS.c.height,
    CONTENTS.c.duration,
    CONTENTS.c.taken_at,
    CONTENTS.c.camera,
    CONTENTS.c.latitude,
    CONTENTS.c.longitude,
    CONTENTS.c.language,
)
BYTES = func.substr(CONTENTS.c.hash, 1, DIGEST)
"""The SHA-256 of a content's bytes."""
_FAVOURITE = exists(FAVOURITES.c.digest).where(FAVOURITES.c.digest == BYTES)
_CAPTION = select(CAPTIONS.c.text).where(CAPTIONS.c.digest == BYTES).scalar_subquery()
ITEM = (
    *(ITEMS.c.id, ROOTS.c.path, ITEMS.c.path, ITEMS.c.mtime_ns),
    *(_FAVOURITE, func.coalesce(_CAPTION, "")),
    *CONTENT,
)
PASSAGE = (
    PASSAGES.c.kind,
    PASSAGES.c.text,
    PASSAGES.c.page,
    PASSAGES.c.char_start,
    PASSAGES.c.char_end,
    PASSAGES.c.start,
    PASSAGES.c.end,
    PASSAGES.c.by_user,
)
FOUND = select(PASSAGES.c.id, *PASSAGE, *ITEM).select_from(
    FILES.join(PASSAGES, PASSAGES.c.content_id == CONTENTS.c.id)
)
"""Passages by their ids, each with every file that holds it."""


def read_roots(connection: Connection) -> list[Root]:
    """List the folders that were indexed, by their paths."""
    rows = connection.execute(select(ROOTS.c.id, ROOTS.c.path).order_by(ROOTS.c.path))
    return [Root(number, Path(path)) for number, path in rows]


def read_item(row: Sequence[Any]) -> Item:
    """Make an item of a row of ITEM."""
    number, root, path, mtime_ns, favourite, caption, *content = row
    modified = datetime.fromtimestamp(mtime_ns / 1e9).astimezone()
    return Item(number, Path(root), path, modified, read_content(content), favourite, caption)


def read_content(row: Sequence[Any]) -> Content:
    """Make a content of a row of CONTENT."""
    identity, kind, *rest = row
    return Content(identity, Kind(kind), *rest)


def read_passage(row: Sequence[Any]) -> Passage:
    """Make a passage of a row of PASSAGE."""
    kind, *rest = row
    return Passage(Kind(kind), *rest)
