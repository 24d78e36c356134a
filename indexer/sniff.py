"""What a file is, by its content; its name only settles what content leaves open.

A file of a kind that is not read is passed over. One that is named like a kind that is read, but
is empty or holds something else, is a failure that its owner will want to know of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePath

import filetype

from indexer.characters import looks_like_text
from indexer.packed import OPEN_ELSEWHERE, PACKED, packed_type
from indexer.sources import RECORDS, SOURCES, source_type
from retrieval.decode.border import decoding, open_file
from retrieval.decode.formats import HEAD, MARKS, PDF, picture_type
from retrieval.decode.formats import SUFFIXES as PICTURES
from retrieval.errors import UnreadableMedia
from retrieval.media import Kind
from retrieval.sidecars import MEDIA

MARKUP = (b"<!doctype html", b"<html")
RECORDINGS = {
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff",
    "video/x-m4v": "video/mp4",
    "video/x-matroska": "video/matroska",
} | {
    name: name
    for name in (
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/aac", "audio/amr"),
        *("video/mp4", "video/quicktime", "video/webm", "video/mpeg", "video/3gpp"),
        *("video/x-msvideo", "video/x-ms-wmv", "video/x-flv"),
    )
}
"""The types that ``filetype`` names, and their registered names. A container may hold sound alone
or a film, whatever it is called: that is told when it is read."""
PACKETS = 188
"""Bytes of a packet of an MPEG transport stream, each of which begins with a G."""
TEXTS = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
BINARIES = {".pdf", *MEDIA}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file's bytes are."""

    kind: Kind
    mime: str


def sniff(file: Path) -> Sniffed | None:
    """Recognise a file; None for one that is not meant to be read.

    Raises UnreadableMedia for one that cannot be opened, is empty or is not what its name says.
    """
    suffix = PurePath(file).suffix.lower()
    with decoding(file):
        with open_file(file) as stream:
            head = stream.read(HEAD)
        packed = packed_type(file, head, suffix)
        found = Sniffed(Kind.TEXT, packed) if packed else _recognise(head, suffix)
        promised = any(suffix in names for names in (TEXTS, BINARIES, PACKED, RECORDS))
        if found is None and promised and not file.name.startswith(OPEN_ELSEWHERE):
            raise UnreadableMedia(f"{file}: {_mismatch(head, suffix)}")
        return found


@cache
def judge() -> str:
    """Name what decides here which files are read; another name if ever more kinds are."""
    marks = [mark.pattern.hex() for mark, _ in MARKS]
    names = {*TEXTS, *BINARIES, *PACKED, *RECORDS, *SOURCES, *RECORDINGS}
    return sha256("\n".join([*marks, *sorted(names)]).encode()).hexdigest()[:16]


def _recognise(head: bytes, suffix: str) -> Sniffed | None:
    if not head:
        return None
    if head.startswith(PDF):
        return Sniffed(Kind.TEXT, "application/pdf")
    # A few letters are the mark of some formats: "BM" begins a bitmap and many a sentence.
    # Those of a picture may be all there is to read, where it is written in digits.
    picture = picture_type(head, suffix)
    if looks_like_text(head) and not (picture and suffix in PICTURES):
        return _text(head, suffix)
    if picture:
        return Sniffed(Kind.IMAGE, picture)
    mime = filetype.guess_mime(head)
    if recording := _recording(head, mime):
        return Sniffed(Kind(recording.split("/")[0]), recording)
    return _text(head, suffix) if mime is None and _may_be_text(head) else None


def _text(head: bytes, suffix: str) -> Sniffed | None:
    mime = TEXTS.get(suffix) or source_type(suffix)
    if mime == "text/plain" and suffix in TEXTS and head.lstrip()[:14].lower().startswith(MARKUP):
        mime = "text/html"
    return Sniffed(Kind.TEXT, mime) if mime else None


def _may_be_text(head: bytes) -> bool:
    return b"\0" not in head


def _recording(head: bytes, mime: str | None) -> str | None:
    """Name a container of sound or film."""
    for start in (0, 4):
        if len(head) > 4 * PACKETS and set(head[start : 4 * PACKETS : PACKETS + start]) == {0x47}:
            return "video/mp2t"
    return RECORDINGS.get(mime or "")


def _mismatch(head: bytes, suffix: str) -> str:
    if not head:
        return "is empty"
    mime = filetype.guess_mime(head)
    return f"is named {suffix} but holds {mime or 'something else'}, which is not read"
