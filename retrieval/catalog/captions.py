"""What a person says of files: a caption, with its passages in every content of the same bytes.

It belongs to the bytes, so that it outlives a new name, a copy and a new sidecar: a content that is
added of captioned bytes takes the caption's passages over from one that has them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from retrieval.catalog.chunks import in_chunks
from retrieval.catalog.mapping import PASSAGE, read_passage
from retrieval.catalog.passages import insert_passages, rows_of
from retrieval.catalog.records import NewCaption
from retrieval.catalog.scope import with_bytes
from retrieval.catalog.tables import CAPTIONS, CONTENTS, PASSAGES, VECTORS
from retrieval.catalog.words import remove_words


def write_caption(connection: Connection, digest: str, caption: NewCaption) -> None:
    """Put a caption, unless it is empty, in place of the one that the bytes of a SHA-256 had."""
    held = select(CONTENTS.c.id).where(with_bytes(digest)).order_by(CONTENTS.c.id)
    contents = connection.scalars(held).all()
    _erase(connection, digest, contents)
    if caption.text:
        connection.execute(insert(CAPTIONS).values(digest=digest, text=caption.text))
        for content in contents:
            _append(connection, content, caption)


def take_over_captions(connection: Connection, added: Mapping[int, str]) -> None:
    """Give contents that were just added, by id and SHA-256, the captions of their bytes."""
    captions: dict[str, str] = {}
    for chunk in in_chunks(set(added.values())):
        rows = select(CAPTIONS.c.digest, CAPTIONS.c.text).where(CAPTIONS.c.digest.in_(chunk))
        captions |= dict(connection.execute(rows).all())
    for content, digest in added.items():
        if digest in captions:
            _append(connection, content, _read(connection, digest, captions[digest]))


def forget_captions(connection: Connection) -> None:
    """Delete the captions of bytes that no content has any more; their passages went with it."""
    held = select(CONTENTS.c.id).where(with_bytes(CAPTIONS.c.digest)).exists()
    connection.execute(delete(CAPTIONS).where(~held))


def _erase(connection: Connection, digest: str, contents: Collection[int]) -> None:
    theirs = PASSAGES.c.content_id.in_(contents) & PASSAGES.c.by_user
    said = connection.execute(select(PASSAGES.c.id, PASSAGES.c.text).where(theirs)).all()
    remove_words(connection, [(number, text) for number, text in said])
    connection.execute(delete(PASSAGES).where(theirs))
    connection.execute(delete(CAPTIONS).where(CAPTIONS.c.digest == digest))


def _append(connection: Connection, content: int, caption: NewCaption) -> None:
    last = select(func.max(PASSAGES.c.ordinal)).where(PASSAGES.c.content_id == content)
    ordinal = connection.scalar(last)
    first = 0 if ordinal is None else ordinal + 1
    rows = rows_of(content, caption.passages, caption.vectors, first)
    insert_passages(connection, list(rows))


def _read(connection: Connection, digest: str, text: str) -> NewCaption:
    """Read a caption's passages from the oldest content that has them."""
    having = select(func.min(PASSAGES.c.content_id)).select_from(PASSAGES.join(CONTENTS))
    having = having.where(with_bytes(digest), PASSAGES.c.by_user)
    rows = select(VECTORS.c.data, *PASSAGE).select_from(PASSAGES.join(VECTORS))
    rows = rows.where(PASSAGES.c.content_id == having.scalar_subquery(), PASSAGES.c.by_user)
    found = connection.execute(rows.order_by(PASSAGES.c.ordinal)).all()
    vectors = np.array([np.frombuffer(row[0], "<f4") for row in found], np.float32)
    return NewCaption(text, tuple(read_passage(row[1:]) for row in found), vectors)
