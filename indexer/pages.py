"""The pages of a PDF, through PDFium, which one thread at a time may enter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PIL.Image import Image

from retrieval.decode.border import decoding
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import settings

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

COVER_SIDE = 960
_PDFIUM = Lock()
SOFT_HYPHEN = re.compile("[\x02\u00ad\ufffe]\\s*")
LINE_END = re.compile(r"(?<![.!?:。！？：\n])\n(?!\n|\s*[-•*])")
"""Where a line was only broken to fit the page."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a PDF says."""

    texts: list[str]
    title: str
    cover: Image | None


def read_pages(file: Path) -> Pages:
    """Read the text of every page, the title and a picture of the first page.

    Raises UnreadableMedia for a damaged or encrypted file, MediaTooLarge beyond the bounds.
    """
    import pypdfium2

    with _PDFIUM, decoding(file):
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            raise UnreadableMedia(f"{file}: {_reason(error)}") from error
        try:
            title = document.get_metadata_value("Title").strip()
            return Pages(_texts(document, file), title, _cover(document))
        finally:
            document.close()


def _reason(error: Exception) -> str:
    if "password" in str(error).lower():
        return "is encrypted; save a copy without a password to index it"
    return f"is a damaged PDF ({error})"


def _texts(document: PdfDocument, file: Path) -> list[str]:
    bounds = settings()
    if len(document) > bounds.max_pages:
        raise MediaTooLarge(
            f"{file}: {len(document)} pages are more than the {bounds.max_pages} that are read; "
            "raise TRIPTYCH_MAX_PAGES to allow it"
        )
    texts, length = [], 0
    for number in range(len(document)):
        texts.append(_text(document, number))
        length += len(texts[-1])
        if length > bounds.max_characters:
            raise MediaTooLarge(f"{file}: more than {bounds.max_characters} characters of text")
    return texts


def _text(document: PdfDocument, number: int) -> str:
    page = document[number]
    words = page.get_textpage()
    text = words.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
    words.close()
    page.close()
    return LINE_END.sub(" ", SOFT_HYPHEN.sub("", text)).replace("\0", "")


def _cover(document: PdfDocument) -> Image | None:
    """Draw the first page, if there is one that can be drawn."""
    if not len(document):
        return None
    page = document[0]
    try:
        bitmap = page.render(scale=COVER_SIDE / max(*page.get_size(), 1.0))
        cover: Image = bitmap.to_pil().convert("RGB")
        return cover
    # A page that cannot be drawn may still be read.
    except Exception:
        return None
    finally:
        page.close()
