"""What a file is, by its content; its name only settles what content leaves open.

A file of a kind that is not read is passed over. One that is named like a kind that is read, but
is empty or holds something else, is a failure that its owner will want to know of.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

import filetype

from indexer.characters import looks_like_text
from retrieval.decode.border import decoding
from retrieval.decode.sound import shows_video
from retrieval.errors import UnreadableMedia
from retrieval.media import Kind

HEAD = 8192
MARKUP = (b"<!doctype html", b"<html")
PICTURES = {f"image/{name}" for name in ("jpeg", "png", "webp", "gif", "bmp", "tiff")}
SOUNDS = {
    "audio/x-wav": "audio/wav",
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/x-flac": "audio/flac",
    "audio/ogg": "audio/ogg",
}
"""The types that ``filetype`` names, and their registered names."""
TEXTS = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
BINARIES = {
    *(".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".pdf"),
    *(".wav", ".mp3", ".m4a", ".flac", ".ogg", ".oga"),
}


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
        with file.open("rb") as stream:
            head = stream.read(HEAD)
        found = _recognise(head, file, suffix)
        if found is None and (suffix in TEXTS or suffix in BINARIES):
            raise UnreadableMedia(f"{file}: {_mismatch(head, suffix)}")
        return found


def _recognise(head: bytes, file: Path, suffix: str) -> Sniffed | None:
    if not head:
        return None
    if head.startswith(b"%PDF-"):
        return Sniffed(Kind.TEXT, "application/pdf")
    # A few letters are the mark of some formats: "BM" begins a bitmap and many a sentence.
    if looks_like_text(head):
        return _text(head, suffix)
    mime = filetype.guess_mime(head)
    if mime in PICTURES:
        return Sniffed(Kind.IMAGE, mime)
    if mime in SOUNDS or mime == "video/mp4":
        return _sound(mime, head, file)
    return _text(head, suffix) if mime is None and _may_be_text(head) else None


def _text(head: bytes, suffix: str) -> Sniffed | None:
    mime = TEXTS.get(suffix)
    if mime == "text/plain" and head.lstrip()[:14].lower().startswith(MARKUP):
        mime = "text/html"
    return Sniffed(Kind.TEXT, mime) if mime else None


def _may_be_text(head: bytes) -> bool:
    return b"\0" not in head


def _sound(mime: str, head: bytes, file: Path) -> Sniffed | None:
    """Tell recordings from films, which share containers."""
    if mime in {"video/mp4", "audio/ogg"} and shows_video(file):
        return None
    return Sniffed(Kind.AUDIO, SOUNDS.get(mime, "audio/mp4"))


def _mismatch(head: bytes, suffix: str) -> str:
    if not head:
        return "is empty"
    mime = filetype.guess_mime(head)
    return f"is named {suffix} but holds {mime or 'something else'}, which is not read"
