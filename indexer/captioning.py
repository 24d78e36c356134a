"""Sidecars read, and their words made passages of what they belong to.

The words come after the file's own passages, as text. Date and place fill in what the file itself
does not tell. A sidecar that cannot be read costs its words, never the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from os.path import splitext
from pathlib import Path

from indexer.caption import Caption, lines_of, merge
from indexer.characters import decode_characters
from indexer.notes import read_notes
from indexer.xmp import read_xmp
from retrieval.catalog.records import FoundFile
from retrieval.decode.border import decoding, name_of, open_file
from retrieval.encoders.protocol import Encoder
from retrieval.errors import MediaTooLarge, UnreachableMedia, UnreadableMedia
from retrieval.media import Content, Kind, Passage
from retrieval.sidecars import JSON, MOST_BYTES, TEXT, XMP
from retrieval.split import split


@dataclass(frozen=True, slots=True)
class Unread:
    """A sidecar that could not be read, and why."""

    sidecar: FoundFile
    error: UnreadableMedia


def read_captions(root: Path, sidecars: Sequence[FoundFile]) -> tuple[Caption, tuple[Unread, ...]]:
    """Read a file's sidecars as one caption; give apart those that cannot be read."""
    captions: list[Caption] = []
    unread: list[Unread] = []
    for sidecar in sidecars:
        try:
            captions.append(read_caption(root / sidecar.path))
        except UnreadableMedia as error:
            unread.append(Unread(sidecar, error))
    return merge(captions), tuple(unread)


def read_caption(file: Path) -> Caption:
    """Read one sidecar.

    Raises UnreadableMedia for a damaged one, UnreachableMedia for one that cannot be opened now.
    """
    with decoding(file):
        with open_file(file) as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise MediaTooLarge(f"{name_of(file)}: grew while it was read; index it again")
        return READERS[splitext(file)[1].lower()](data)


def without_unreachable(found: FoundFile, unread: Sequence[Unread]) -> FoundFile:
    """Leave out sidecars that may be sound, so that the next run sees a change and tries again."""
    may_be_sound = (UnreachableMedia, MediaTooLarge)
    lost = {one.sidecar for one in unread if isinstance(one.error, may_be_sound)}
    return replace(found, sidecars=tuple(one for one in found.sidecars if one not in lost))


def words_of(caption: Caption, encoder: Encoder) -> tuple[Passage, ...]:
    """Cut a caption into passages that fit the encoder's window."""
    text = caption.text
    return tuple(Passage(Kind.TEXT, text[start:end]) for start, end in split(text, encoder))


def completed(content: Content, caption: Caption) -> Content:
    """Fill in date and place where the file itself has none."""
    content = replace(content, taken_at=content.taken_at or caption.taken_at)
    if content.latitude is None:
        return replace(content, latitude=caption.latitude, longitude=caption.longitude)
    return content


def _read_text(data: bytes) -> Caption:
    return Caption(lines_of([decode_characters(data)]))


READERS: dict[str, Callable[[bytes], Caption]] = {
    XMP: read_xmp,
    JSON: read_notes,
    TEXT: _read_text,
}
