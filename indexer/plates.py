"""The pictures on a PDF's pages, and the pages that are pictures: scans and drawings.

Call it under PDFium's lock. Pictures are drawn as they lie on their page, as large as they need to
be for an encoder and for reading, so that neither masks nor colours nor resolution need any care
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from PIL import Image

from indexer.illustrations import LEAST_SIDE, Album
from retrieval.decode.paper import SHARPEST, draw_page
from retrieval.decode.pictures import SHORT_SIDE
from retrieval.decode.scaling import LEGIBLE, LONG_SIDE
from retrieval.settings import settings

if TYPE_CHECKING:
    from pypdfium2 import PdfBitmap, PdfImage, PdfPage

MOST_OBJECTS = 20_000
"""Objects of a page that are looked at; a map is drawn with more."""
MOST_GROUPED, DEEPEST = 2_000, 4
"""Objects in groups, and groups within groups, that are looked at."""


def paste_plates(page: PdfPage, number: int, text: str, album: Album) -> None:
    """Add a page's pictures to an album: the page itself where it has no words."""
    if album.full:
        return
    if text.strip():
        _paste_pictures(page, number, album)
    elif drawn := draw_page(page, _scale(album, *page.get_size())):
        album.paste(drawn, number)


def _paste_pictures(page: PdfPage, number: int, album: Album) -> None:
    for picture in _pictures(page):
        if album.full:
            return
        # One that is broken says nothing about the others.
        try:
            shown = _draw_picture(picture, page.get_rotation(), album)
        except Exception:
            continue
        if shown:
            album.paste(shown, number)


def _pictures(page: PdfPage) -> Iterator[PdfImage]:
    """Find the pictures among a page's objects, most of which are pieces of text."""
    from pypdfium2 import PdfObject, raw

    groups = []
    for index in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        # Wrapping every piece of text would take longer than reading it.
        one = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield PdfObject(one, page=page, pdf=page.pdf)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            groups.append(PdfObject(one, page=page, pdf=page.pdf))
    found = (page.get_objects(form=group, level=1, max_depth=DEEPEST) for group in groups)
    for within in islice(chain.from_iterable(found), MOST_GROUPED):
        if within.type == raw.FPDF_PAGEOBJ_IMAGE:
            yield within


def _draw_picture(picture: PdfImage, turned: int, album: Album) -> Image.Image | None:
    """Draw a picture as it lies on a page that is turned; None for a tiny or known one."""
    width, height = picture.get_px_size()
    worthwhile = min(width, height) >= LEAST_SIDE and width * height <= settings().max_pixels
    if not worthwhile or not album.is_new(bytes(picture.get_data())):
        return None
    left, bottom, right, top = picture.get_bounds()
    across, up = right - left, top - bottom
    # Enlarged pixels show nothing more.
    scale = min(_scale(album, across, up), max(width, height) / max(across, up))
    lies = picture.get_matrix()
    picture.set_matrix(lies.scale(scale, scale))
    try:
        bitmap = picture.get_bitmap(render=True, scale_to_original=False)
    finally:
        picture.set_matrix(lies)
    return _on_white(bitmap).rotate(-turned, expand=True)


def _on_white(bitmap: PdfBitmap) -> Image.Image:
    drawn = bitmap.to_pil().convert("RGBA")
    white = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(white, drawn).convert("RGB")


def _scale(album: Album, width: float, height: float) -> float:
    """Give the pixels a point at which a page or picture suits an encoder, and can be read."""
    short, long = sorted((max(width, 1e-3), max(height, 1e-3)))
    seen = min(SHORT_SIDE / short, LONG_SIDE / long)
    return min(max(seen, LEGIBLE / long) if album.reads else seen, SHARPEST)
