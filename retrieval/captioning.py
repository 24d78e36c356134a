"""What the user says of a file: its words, found by their meaning and as they stand.

They are kept in the library alone, never written beside the file.
"""

from __future__ import annotations

import re

import numpy as np

from retrieval.catalog.records import NewCaption
from retrieval.encoders.protocol import Encoder
from retrieval.library import Library
from retrieval.media import Kind, Passage
from retrieval.split import split

LONGEST_CAPTION = 2000
"""Characters."""
PATIENCE = 2.0
"""Seconds to wait for another process that writes."""
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""All but the end of a line."""


def caption(library: Library, item_id: int, text: str) -> None:
    """Put a caption in place of what the user said of an item before; an empty one removes it.

    Raises NotFound for an unknown item, LibraryBusy while another process writes.
    """
    digest = library.item(item_id).content.digest
    new = _encode(_clean(text), library.encoder)
    with library.write(PATIENCE) as writer:
        library.item(item_id)  # it may have been forgotten meanwhile
        writer.caption(digest, new)


def _clean(text: str) -> str:
    return CONTROLS.sub(" ", text.replace("\r\n", "\n")).strip()


def _encode(text: str, encoder: Encoder) -> NewCaption:
    windows = [text[start:end] for start, end in split(text, encoder)]
    vectors = encoder.encode_texts(windows) if windows else np.empty((0, encoder.dim), np.float32)
    passages = tuple(Passage(Kind.TEXT, window, by_user=True) for window in windows)
    return NewCaption(text, passages, vectors)
