"""Documents: plain text, Markdown, HTML and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image

from indexer.characters import decode_characters
from indexer.decoded import Decoded, Examined
from indexer.markup import read_markup
from indexer.pages import read_pages
from retrieval.decode.border import decoding
from retrieval.encoders.protocol import Encoder
from retrieval.errors import MediaTooLarge
from retrieval.media import Content, Kind, Passage
from retrieval.settings import settings
from retrieval.split import split

HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
BYTES_A_CHARACTER = 4
"""No encoding of text takes more."""


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a document."""

    texts: Sequence[str]
    """The text of each page, or one text where there are no pages."""
    paged: bool = False
    title: str = ""
    cover: Image | None = None


def read_document(examined: Examined, encoder: Encoder) -> Decoded:
    """Read a document: a passage for each window of its text.

    Raises MediaTooLarge beyond the settings' pages or characters.
    """
    file = examined.file
    with decoding(file):
        document = _open(file, examined.sniffed.mime)
        _check_length(document, file)
        passages = tuple(_passages(document, encoder))
    content = Content(
        hash=examined.hash,
        kind=Kind.TEXT,
        mime=examined.sniffed.mime,
        size=examined.found.size,
        title=document.title,
    )
    return Decoded(examined, content, passages, cover=document.cover)


def _open(file: Path, mime: str) -> Document:
    if mime == "application/pdf":
        pages = read_pages(file)
        return Document(pages.texts, True, pages.title, pages.cover)
    if file.stat().st_size > settings().max_characters * BYTES_A_CHARACTER:
        raise MediaTooLarge(f"{file}: {_too_long()}")
    data = file.read_bytes()
    if mime == "text/html":
        title, text = read_markup(data)
        return Document([text], title=title)
    text = decode_characters(data)
    heading = HEADING.search(text) if mime == "text/markdown" else None
    return Document([text], title=heading[1] if heading else "")


def _check_length(document: Document, file: Path) -> None:
    if sum(map(len, document.texts)) > settings().max_characters:
        raise MediaTooLarge(f"{file}: {_too_long()}")


def _too_long() -> str:
    return (
        f"longer than the {settings().max_characters} characters that are read; "
        "raise TRIPTYCH_MAX_CHARACTERS to allow it"
    )


def _passages(document: Document, encoder: Encoder) -> Iterator[Passage]:
    for number, text in enumerate(document.texts, start=1):
        page = number if document.paged else None
        for start, end in split(text, encoder):
            yield Passage(Kind.TEXT, text[start:end], page, start, end)
