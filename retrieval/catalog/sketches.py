"""What contents look or read like in a few bytes, as the catalog keeps it.

A sketch is made once the content is in the catalog, from its thumbnail or its passages; see
``retrieval.alike``. An empty one says that there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, Select, select
from sqlalchemy.orm import Session

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.models import ContentRow, ItemRow, PassageRow, SketchRow
from retrieval.catalog.records import Scope
from retrieval.media import Kind


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
    """Questions about sketches; ``Writer.sketch`` keeps them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def missing(self) -> list[Unsketched]:
        """List the contents that have passages and no sketch."""
        rows = select(ContentRow.id, ContentRow.hash, ContentRow.kind)
        rows = rows.outerjoin(SketchRow, SketchRow.content_id == ContentRow.id)
        present = select(ItemRow.content_id).where(ItemRow.missing.is_(False))
        rows = rows.where(SketchRow.content_id.is_(None), ContentRow.id.in_(present))
        spoken = select(PassageRow.content_id)
        with Session(self._engine) as session:
            found = session.execute(rows.where(ContentRow.id.in_(spoken)).order_by(ContentRow.id))
            return [Unsketched(content, digest, Kind(kind)) for content, digest, kind in found]

    def texts(self, content: int) -> list[str]:
        """Read what the passages of a content say, in order."""
        rows = select(PassageRow.text).where(PassageRow.content_id == content)
        with Session(self._engine) as session:
            return list(session.scalars(rows.order_by(PassageRow.ordinal)))

    def of(self, contents: Collection[int]) -> dict[int, Sketch]:
        """Read the sketches of some contents: those that have one which says anything."""
        return {
            sketch.content: sketch
            for chunk in in_chunks(contents)
            for sketch in self._read(ContentRow.id.in_(chunk))
        }

    def of_kind(self, kind: Kind, scope: Scope) -> list[Sketch]:
        """Read all sketches of a kind that are in scope and say anything."""
        return [s for s in self._read(ContentRow.kind == kind) if s.content in scope]

    def _read(self, condition: ColumnElement[bool]) -> Iterator[Sketch]:
        with self._engine.connect() as connection:
            for content, kind, data, width, height, size, duration in connection.execute(
                _rows().where(condition, SketchRow.data != b"")
            ):
                pixels = (width or 0) * (height or 0)
                yield Sketch(content, Kind(kind), data, pixels, size, duration)


def _rows() -> Select[int, Kind, bytes, int | None, int | None, int, float | None]:
    rows = select(
        ContentRow.id,
        ContentRow.kind,
        SketchRow.data,
        ContentRow.width,
        ContentRow.height,
        ContentRow.size,
        ContentRow.duration,
    )
    return rows.join(SketchRow, SketchRow.content_id == ContentRow.id)
