"""Documents: text, tables, source code, markup, PDF, office files and books."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.books import read_book
from indexer.bounds import (
    demand_few_bytes_of_text,
    demand_few_characters,
    most_bytes_of_text,
)
from indexer.characters import decode_characters
from indexer.decoded import Decoded, Examined
from indexer.markup import read_markup
from indexer.office import read_slides, read_writing
from indexer.opened import Document, Illustration
from indexer.packed import DOCX, EPUB, PPTX
from indexer.pages import read_pages
from retrieval.decode.border import decoding, open_file
from retrieval.encoders.protocol import Encoder
from retrieval.media import Content, Kind, Passage
from retrieval.split import split

HEADING = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)
CLOSING = re.compile(r"[ \t]#+$")
ESCAPED = re.compile(r"(?<!\\)(?:\\u[0-9a-fA-F]{4})+")
READERS: dict[str, Callable[[Path], Document]] = {
    "application/pdf": read_pages,
    DOCX: read_writing,
    PPTX: read_slides,
    EPUB: read_book,
}
JSON = {"application/json", "application/x-ndjson"}


def read_document(examined: Examined, document: Document, encoder: Encoder) -> Decoded:
    """Cut an opened document into passages: a window of its text each, and each picture."""
    with decoding(examined.file):
        passages = tuple(_passages(document, encoder))
    content = Content(
        hash=examined.hash,
        kind=Kind.TEXT,
        mime=examined.sniffed.mime,
        size=examined.found.size,
        title=document.title,
    )
    pictures = tuple(shown.image for shown in document.illustrations)
    return Decoded(examined, content, passages, pictures, document.cover)


def open_document(file: Path, mime: str) -> Document:
    """Decode a document's file; no encoder is needed, and what is given can be pickled.

    Raises UnreadableMedia for a damaged one, MediaTooLarge beyond the settings' bounds.
    """
    with decoding(file):
        if reader := READERS.get(mime):
            return reader(file)
        with open_file(file) as stream:
            # It may be written to right now, without end.
            data = stream.read(most_bytes_of_text())
        demand_few_bytes_of_text(len(data), file)
        document = _open_text(data, mime)
        demand_few_characters(len(document.texts[0]), file)
        return document


def _open_text(data: bytes, mime: str) -> Document:
    if mime == "text/html":
        markup = read_markup(data)
        return Document((markup.text,), title=markup.title)
    text = decode_characters(data)
    if mime in JSON:
        return Document((ESCAPED.sub(_unescaped, text),))
    heading = HEADING.search(text) if mime == "text/markdown" else None
    return Document((text,), title=CLOSING.sub("", heading[1].rstrip()).rstrip() if heading else "")


def _unescaped(escaped: re.Match[str]) -> str:
    """Give the characters that JSON writes as numbers, as it often does those of Chinese."""
    text: str = json.loads(f'"{escaped[0]}"')
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _passages(document: Document, encoder: Encoder) -> Iterator[Passage]:
    """Cut each page into windows; a page's pictures come after its words."""
    shown = list(document.illustrations)[::-1]
    for number, text in enumerate(document.texts, start=1):
        page = number if document.paged else None
        for start, end in split(text, encoder):
            yield Passage(Kind.TEXT, text[start:end], page, start, end)
        while shown and shown[-1].page == page:
            yield from _shown(shown.pop(), encoder)


def _shown(illustration: Illustration, encoder: Encoder) -> Iterator[Passage]:
    """Give the looks of a picture, and windows of its lettering."""
    page, text = illustration.page, illustration.lettering
    yield Passage(Kind.IMAGE, page=page)
    for start, end in split(text, encoder):
        yield Passage(Kind.TEXT, text[start:end], page, start, end)
