"""What was made of a file's bytes before, whatever its caption was then.

So that a new caption costs no more than to encode its own words: not an hour of listening anew.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, select

from retrieval.catalog.mapping import CONTENT, PASSAGE, read_content, read_passage
from retrieval.catalog.records import KnownContent
from retrieval.catalog.scope import with_bytes
from retrieval.catalog.tables import CONTENTS, PASSAGES, VECTORS
from retrieval.media import Content, Kind

HEARD = {Kind.AUDIO, Kind.VIDEO}


def recall(connection: Connection, digest: str) -> KnownContent | None:
    """Find what the bytes of this SHA-256 hold by themselves; None where that cannot be told.

    A content without a caption tells. So does a recording with one, but for its date and place,
    which may be the caption's: its own passages are seen and heard, the caption's are text.
    """
    rows = select(CONTENTS.c.id, *CONTENT).where(with_bytes(digest)).order_by(CONTENTS.c.hash)
    for content_id, *row in connection.execute(rows):
        content = read_content(row)
        if content.hash == digest or content.kind in HEARD:
            return _load(connection, content_id, content)
    return None


def _load(connection: Connection, content_id: int, content: Content) -> KnownContent:
    rows = select(VECTORS.c.data, *PASSAGE).select_from(PASSAGES.join(VECTORS))
    rows = rows.where(PASSAGES.c.content_id == content_id, PASSAGES.c.by_user.is_(False))
    rows = rows.order_by(PASSAGES.c.ordinal)
    if content.hash != content.digest:
        rows = rows.where(PASSAGES.c.kind != Kind.TEXT)
    found = connection.execute(rows).all()
    vectors = np.frombuffer(b"".join(row[0] for row in found), "<f4").astype(np.float32)
    passages = tuple(read_passage(row[1:]) for row in found)
    return KnownContent(content, passages, vectors.reshape(len(found), -1 if found else 0))
