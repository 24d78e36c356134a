"""What contents look or read like in a few bytes, as the catalog keeps it.

A sketch is made once the content is in the catalog, from its thumbnail or its passages; see
``retrieval.alike``. An empty one says that there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Engine, Select, or_, select

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.records import Scope
from retrieval.catalog.tables import CONTENTS, ITEMS, PASSAGES, SKETCHES
from retrieval.catalog.watch import Watch
from retrieval.media import Kind

REMEMBERED = 8192
"""Contents whose sketches are kept, as the same ones answer many queries; a kilobyte each."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a content looks or reads like, and what else tells two of them apart."""

    content: int
    kind: Kind
    data: bytes
    pixels: int
    size: int
    """Bytes of the content itself."""
    duration: float | None


@dataclass(frozen=True, slots=True)
class Unsketched:
    """A content of which there is no sketch yet."""

    content: int
    hash: str
    kind: Kind


class Sketches:
    """Questions about sketches; ``Writer.sketch`` keeps them. Safe to share between threads."""

    def __init__(self, engine: Engine, watch: Watch) -> None:
        self._engine = engine
        self._watch = watch
        self._known = lru_cache(maxsize=1)(_nothing_known)

    def missing(self) -> list[Unsketched]:
        """List the contents that have passages and no sketch."""
        rows = select(CONTENTS.c.id, CONTENTS.c.hash, CONTENTS.c.kind)
        rows = rows.select_from(CONTENTS.outerjoin(SKETCHES))
        present = select(ITEMS.c.content_id).where(ITEMS.c.missing.is_(False))
        rows = rows.where(SKETCHES.c.content_id.is_(None), CONTENTS.c.id.in_(present))
        spoken = select(PASSAGES.c.content_id)
        with self._engine.connect() as connection:
            found = connection.execute(
                rows.where(CONTENTS.c.id.in_(spoken)).order_by(CONTENTS.c.id)
            )
            return [Unsketched(content, digest, Kind(kind)) for content, digest, kind in found]

    def texts(self, content: int) -> list[str]:
        """Read what the passages of a content say, in order, but for captions."""
        rows = select(PASSAGES.c.text).select_from(PASSAGES.join(CONTENTS))
        own = or_(CONTENTS.c.kind == Kind.TEXT, PASSAGES.c.kind != Kind.TEXT)
        rows = rows.where(PASSAGES.c.content_id == content, own, PASSAGES.c.by_user.is_(False))
        with self._engine.connect() as connection:
            return list(connection.scalars(rows.order_by(PASSAGES.c.ordinal)))

    def of(self, contents: Collection[int]) -> dict[int, Sketch]:
        """Read the sketches of some contents: those that have one which says anything."""
        known = self._known(self._watch.version())
        found = {content: known[content] for content in contents if content in known}
        unread = [content for content in contents if content not in found]
        if unread:
            found |= self._read_of(unread)
            if len(known) > REMEMBERED:
                self._known.cache_clear()  # who reads the old ones just now may go on
            known.update(found)
        return {content: sketch for content, sketch in found.items() if sketch is not None}

    def _read_of(self, contents: Collection[int]) -> dict[int, Sketch | None]:
        found: dict[int, Sketch | None] = dict.fromkeys(contents)
        for chunk in in_chunks(contents):
            found |= {sketch.content: sketch for sketch in self._read(CONTENTS.c.id.in_(chunk))}
        return found

    def of_kind(self, kind: Kind, scope: Scope) -> list[Sketch]:
        """Read all sketches of a kind that are in scope and say anything."""
        return [s for s in self._read(CONTENTS.c.kind == kind) if s.content in scope]

    def _read(self, condition: ColumnElement[bool]) -> Iterator[Sketch]:
        with self._engine.connect() as connection:
            for content, kind, data, width, height, size, duration in connection.execute(
                _rows().where(condition, SKETCHES.c.data != b"")
            ):
                pixels = (width or 0) * (height or 0)
                yield Sketch(content, Kind(kind), data, pixels, size, duration)


def _nothing_known(_version: int) -> dict[int, Sketch | None]:
    return {}


def _rows() -> Select[int, str, bytes, int | None, int | None, int, float | None]:
    rows = select(
        CONTENTS.c.id,
        CONTENTS.c.kind,
        SKETCHES.c.data,
        CONTENTS.c.width,
        CONTENTS.c.height,
        CONTENTS.c.size,
        CONTENTS.c.duration,
    )
    return rows.select_from(CONTENTS.join(SKETCHES))
