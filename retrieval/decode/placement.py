"""Where on a page of a PDF a text stands, so that it can be marked there.

The text is compared by what ink shows of it: how it is broken into lines makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_int
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.decode.paper import open_pdf
from retrieval.sentences import Span

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, each as a share of the page."""

UNSEEN = frozenset("\0\x02\u00ad\ufffe")
"""What stands for a hyphen where a word was broken, or for nothing."""
FINE = 100_000
"""Steps a side, in which PDFium counts whole ones."""


def boxes_on(file: Path, number: int, text: str, spans: Sequence[Span]) -> list[list[Box]]:
    """Find where on a page, counted from 1, each span of a text stands: a box for every line.

    A text that is not on the page has no boxes. Raises UnreadableMedia for a damaged file.
    """
    with open_pdf(file) as document:
        page = document[number - 1]
        try:
            words = page.get_textpage()
            try:
                return [_boxes(page, words, run) for run in _runs(words, text, spans)]
            finally:
                words.close()
        finally:
            page.close()


def _runs(words: PdfTextPage, text: str, spans: Sequence[Span]) -> Iterator[range]:
    """Find the characters of the page that spans of a text are; none where it is not there."""
    printed = [(one, at) for at, one in enumerate(_characters(words)) if _shows(one)]
    start = "".join(one for one, _ in printed).find("".join(filter(_shows, text)))
    before = [0, *accumulate(map(_shows, text))]
    for first, last in spans:
        held = printed[start + before[first] : start + before[last]] if start >= 0 else []
        yield range(held[0][1], held[-1][1] + 1) if held else range(0)


def _characters(words: PdfTextPage) -> Iterable[str]:
    from pypdfium2.raw import FPDFText_GetUnicode

    return (chr(FPDFText_GetUnicode(words, at)) for at in range(words.count_chars()))


def _shows(character: str) -> bool:
    return not character.isspace() and character not in UNSEEN


def _boxes(page: PdfPage, words: PdfTextPage, run: range) -> list[Box]:
    if not run:
        return []
    count = words.count_rects(run.start, len(run))
    return [_share(page, *words.get_rect(at)) for at in range(count)]


def _share(page: PdfPage, left: float, bottom: float, right: float, top: float) -> Box:
    """Turn a rectangle of the page's own space as the page is turned, and cut, when it is drawn."""
    (x, y), (other_x, other_y) = _drawn(page, left, top), _drawn(page, right, bottom)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _drawn(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    from pypdfium2.raw import FPDF_PageToDevice

    across, down = c_int(), c_int()
    FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, byref(across), byref(down))
    return across.value / FINE, down.value / FINE
