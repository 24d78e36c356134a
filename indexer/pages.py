"""The words and pictures on the pages of a PDF."""

from __future__ import annotations

import re
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

from PIL.Image import Image

from indexer.bounds import demand_few_characters, demand_few_pages
from indexer.illustrations import Album
from indexer.opened import Document
from indexer.plates import paste_plates
from retrieval.decode.border import name_of
from retrieval.decode.paper import draw_page, open_pdf
from retrieval.errors import MediaTooLarge

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

COVER_SIDE = 960
MOST_SECONDS = 300.0
"""Of computing; PDFium can be stopped between pages, not within one."""
SOFT_HYPHEN = re.compile("[\x02\u00ad\ufffe]\\s*")
LINE_END = re.compile(r"(?<![.!?:。！？：\n])\n(?!\n|\s*[-•*])")
"""Where a line was only broken to fit the page."""


def read_pages(file: Path) -> Document:
    """Read the text of every page, the pictures, the title and the looks of the first page.

    Raises UnreadableMedia for a damaged or encrypted file, MediaTooLarge beyond the bounds.
    """
    with open_pdf(file) as document:
        return _read(document, file)


def _read(document: PdfDocument, file: Path) -> Document:
    demand_few_pages(len(document), file)
    title = document.get_metadata_value("Title").strip()
    album, texts, length = Album(), [], 0
    began = thread_time()
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        try:
            texts.append(_text(page))
            paste_plates(page, number, texts[-1], album)
        finally:
            page.close()
        length += len(texts[-1])
        demand_few_characters(length, file)
        if thread_time() - began > MOST_SECONDS:
            raise MediaTooLarge(
                f"{name_of(file)}: takes more than {MOST_SECONDS:g} seconds to read; "
                f"{number} of {len(document)} pages were"
            )
    return Document(tuple(texts), True, title, album.illustrations, _cover(document))


def _text(page: PdfPage) -> str:
    words = page.get_textpage()
    text = words.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
    words.close()
    return LINE_END.sub(" ", SOFT_HYPHEN.sub("", text)).replace("\0", "")


def _cover(document: PdfDocument) -> Image | None:
    """Draw the first page, if there is one that shows something."""
    if not len(document):
        return None
    page = document[0]
    try:
        return draw_page(page, COVER_SIDE / max(*page.get_size(), 1.0))
    finally:
        page.close()
