"""The catalog's tables.

An item is a path; a content is what the bytes at that path hold. Passages and vectors belong to
the content, so a renamed, copied or restored file keeps them. A change here needs a migration.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from retrieval.media import Kind

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""SQLite can only alter constraints that have a name."""


class Base(DeclarativeBase):
    """The declarative base of the catalog."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {Kind: String(8)}


class LibraryRow(Base):
    """The one row that binds a library to its encoder."""

    __tablename__ = "library"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str]
    encoder_name: Mapped[str]
    encoder_revision: Mapped[str]
    encoder_fingerprint: Mapped[str]
    dim: Mapped[int]
    created_at: Mapped[datetime]


class RootRow(Base):
    """A folder that was indexed."""

    __tablename__ = "roots"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)


class ContentRow(Base):
    """What some bytes hold."""

    __tablename__ = "contents"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind]
    mime: Mapped[str]
    size: Mapped[int]
    title: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration: Mapped[float | None]
    taken_at: Mapped[datetime | None]


class ItemRow(Base):
    """A file: either it has a content, or a reason why it could not be read."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("root_id", "path"),
        CheckConstraint("(content_id IS NULL) = (failure IS NOT NULL)", name="read_or_failed"),
        Index(None, "content_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("roots.id", ondelete="CASCADE"))
    path: Mapped[str]
    size: Mapped[int]
    mtime_ns: Mapped[int]
    missing: Mapped[bool]
    content_id: Mapped[int | None] = mapped_column(ForeignKey("contents.id"))
    failure: Mapped[str | None]


class PassageRow(Base):
    """A searchable unit of a content; its id, never used again, is also its vector's id."""

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("content_id", "ordinal"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    kind: Mapped[Kind]
    text: Mapped[str]
    page: Mapped[int | None]
    char_start: Mapped[int | None]
    char_end: Mapped[int | None]
    start: Mapped[float | None]
    end: Mapped[float | None]


class VectorRow(Base):
    """A passage's embedding: little-endian float32, of unit length."""

    __tablename__ = "vectors"

    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SketchRow(Base):
    """What a content looks or reads like; see ``retrieval.alike``."""

    __tablename__ = "sketches"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)
