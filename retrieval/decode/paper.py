"""PDF files, opened and drawn through PDFium, which one thread at a time may enter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrieval.decode.border import decoding, name_of
from retrieval.decode.scaling import LONG_SIDE
from retrieval.errors import UnreadableMedia

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

SHARPEST = 8.0
"""Pixels a point; a tiny page is drawn no larger."""
_PDFIUM = Lock()


@contextmanager
def open_pdf(file: Path) -> Iterator[PdfDocument]:
    """Open a PDF, for as long as no other is open; raise UnreadableMedia for a damaged one."""
    import pypdfium2

    with _PDFIUM, decoding(file):
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            raise UnreadableMedia(f"{name_of(file)}: {_reason(error)}") from error
        try:
            yield document
        finally:
            document.close()


def page_at(file: Path, number: int, short_side: int) -> Image.Image:
    """Draw a page, counted from 1, to a length of its shorter side.

    Raises UnreadableMedia for a damaged file, and where there is nothing on such a page.
    """
    with open_pdf(file) as document:
        page = document[number - 1]
        try:
            short, long = sorted(max(side, 1.0) for side in page.get_size())
            drawn = draw_page(page, min(short_side / short, LONG_SIDE / long, SHARPEST))
        finally:
            page.close()
    if drawn is None:
        raise UnreadableMedia(f"{name_of(file)}: page {number} shows nothing")
    return drawn


def draw_page(page: PdfPage, scale: float) -> Image.Image | None:
    """Draw a page; None for one that cannot be drawn, or shows nothing but one colour."""
    # A page that cannot be drawn may still be read.
    try:
        drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    except Exception:
        return None
    pixels = np.asarray(drawn)
    return drawn if np.any(pixels != pixels[0, 0]) else None


def _reason(error: Exception) -> str:
    if "password" in str(error).lower():
        return "is encrypted; save a copy without a password to index it"
    return f"is a damaged PDF ({error})"
