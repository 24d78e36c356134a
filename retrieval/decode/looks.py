"""What is to be seen at a place of a file: a page, a frame, a moment of a film.

A place is a passage's page or second. Content decides what the file is, not its name.
"""

from __future__ import annotations

from pathlib import Path

from PIL.Image import Image

from retrieval.decode.border import decoding, name_of, open_file
from retrieval.decode.formats import HEAD, PDF, picture_type
from retrieval.decode.frames import frame_at
from retrieval.decode.paper import page_at
from retrieval.decode.stills import picture_at


def look_at(file: Path, page: int | None, start: float | None, short_side: int) -> Image:
    """Decode what is seen on a page or from a second on, upright RGB, of bounded size.

    Raises UnreadableMedia where nothing is, or the file is damaged, and MediaTooLarge beyond the
    settings' bounds.
    """
    head, ending = beginning_of(file)
    if head.startswith(PDF):
        return page_at(file, page or 1, short_side)
    if picture_type(head, ending):
        return frame_at(file, page, start, short_side)
    return picture_at(file, start or 0.0)


def beginning_of(source: Path | bytes) -> tuple[bytes, str]:
    """Give the first bytes of a source, and how its name ends."""
    if isinstance(source, bytes):
        return source[:HEAD], ""
    with decoding(source), open_file(source) as opened:
        return opened.read(HEAD), Path(name_of(source)).suffix.lower()
