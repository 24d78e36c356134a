"""The catalog's tables.

An item is a path; a content is what the bytes at that path hold, and what its sidecars say of it.
Passages and vectors belong to the content, so a renamed, copied or restored file keeps them. A
change here needs a migration.

They are plain tables, without SQLAlchemy's mapper: what leaves the catalog is Triptych's own frozen
values, and a search from the command line would wait for the mapper longer than for its answer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""SQLite can only alter constraints that have a name."""


class LibraryColumns(TypedColumns):
    """The one row that binds a library to its encoder."""

    id: Named[int] = Column(primary_key=True)
    uuid: Named[str]
    encoder_name: Named[str]
    encoder_revision: Named[str]
    encoder_fingerprint: Named[str]
    dim: Named[int]
    created_at: Named[datetime]


class RootColumns(TypedColumns):
    """A folder that was indexed."""

    id: Named[int] = Column(primary_key=True)
    path: Named[str] = Column(unique=True)


class ContentColumns(TypedColumns):
    """What some bytes hold."""

    id: Named[int] = Column(primary_key=True)
    hash: Named[str] = Column(unique=True)
    kind: Named[str] = Column(String(8))
    mime: Named[str]
    size: Named[int]
    title: Named[str]
    width: Named[int | None]
    height: Named[int | None]
    duration: Named[float | None]
    taken_at: Named[datetime | None]
    camera: Named[str]
    latitude: Named[float | None]
    longitude: Named[float | None]
    language: Named[str]


class ItemColumns(TypedColumns):
    """A file: either it has a content, or a reason why it could not be read."""

    id: Named[int] = Column(primary_key=True)
    root_id: Named[int] = Column(ForeignKey("roots.id", ondelete="CASCADE"))
    path: Named[str]
    size: Named[int]
    mtime_ns: Named[int]
    missing: Named[bool]
    content_id: Named[int | None] = Column(ForeignKey("contents.id"))
    failure: Named[str | None]
    beside: Named[int]


class OtherColumns(TypedColumns):
    """A file that is no media, so that the next run need not open it to see that."""

    root_id: Named[int] = Column(ForeignKey("roots.id", ondelete="CASCADE"), primary_key=True)
    path: Named[str] = Column(primary_key=True)
    size: Named[int]
    mtime_ns: Named[int]
    judge: Named[str]


class PassageColumns(TypedColumns):
    """A searchable unit of a content; its id, never used again, is also its vector's id."""

    id: Named[int] = Column(primary_key=True)
    content_id: Named[int] = Column(ForeignKey("contents.id", ondelete="CASCADE"))
    ordinal: Named[int]
    kind: Named[str] = Column(String(8))
    text: Named[str]
    page: Named[int | None]
    char_start: Named[int | None]
    char_end: Named[int | None]
    start: Named[float | None]
    end: Named[float | None]
    by_user: Named[bool]


class VectorColumns(TypedColumns):
    """A passage's embedding: little-endian float32, of unit length."""

    passage_id: Named[int] = Column(ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True)
    data: Named[bytes]


class SketchColumns(TypedColumns):
    """What a content looks or reads like; see ``retrieval.alike``."""

    content_id: Named[int] = Column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True)
    data: Named[bytes]


class FavouriteColumns(TypedColumns):
    """The SHA-256 of the bytes of a favourite."""

    digest: Named[str] = Column(primary_key=True)


class CaptionColumns(TypedColumns):
    """What the user says of some bytes; see ``retrieval.catalog.captions``."""

    digest: Named[str] = Column(primary_key=True)
    text: Named[str]


LIBRARY = Table("library", METADATA, LibraryColumns, CheckConstraint("id = 1", name="single"))
ROOTS = Table("roots", METADATA, RootColumns)
CONTENTS = Table("contents", METADATA, ContentColumns)
ITEMS = Table(
    "items",
    METADATA,
    ItemColumns,
    UniqueConstraint("root_id", "path"),
    CheckConstraint("(content_id IS NULL) = (failure IS NOT NULL)", name="read_or_failed"),
    Index(None, "content_id"),
    sqlite_autoincrement=True,
)
OTHERS = Table("others", METADATA, OtherColumns)
PASSAGES = Table(
    "passages",
    METADATA,
    PassageColumns,
    UniqueConstraint("content_id", "ordinal"),
    sqlite_autoincrement=True,
)
VECTORS = Table("vectors", METADATA, VectorColumns)
SKETCHES = Table("sketches", METADATA, SketchColumns)
FAVOURITES = Table("favourites", METADATA, FavouriteColumns)
CAPTIONS = Table("captions", METADATA, CaptionColumns)
