"""Documents with pictures, made as their programs make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import pptx
from fpdf import FPDF
from PIL import Image
from pptx.util import Inches

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>{meta}</metadata>
<manifest>{items}</manifest><spine>{spine}</spine></package>"""
CHAPTER = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def picture(colour: str, width: int = 120, height: int = 90, format: str = "PNG") -> bytes:
    """Make a picture's file, with a mark at its top left corner."""
    image = Image.new("RGB", (width, height), colour)
    image.paste("black", (0, 0, width // 4, height // 4))
    written = io.BytesIO()
    image.save(written, format)
    return written.getvalue()


def write_letter(
    file: Path, *paragraphs: str, title: str = "", pictures: Sequence[bytes] = ()
) -> Path:
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for data in pictures:
        document.add_picture(io.BytesIO(data))
    document.save(str(file))
    return file


def give_talk(
    file: Path, *slides: str, title: str = "", pictures: Mapping[int, Sequence[bytes]] | None = None
) -> Path:
    """Write a deck; pictures go to the slides of these numbers, from 1."""
    deck = pptx.Presentation()
    deck.core_properties.title = title
    for number, words in enumerate(slides, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(5), Inches(1))
        box.text_frame.text = words
        for data in (pictures or {}).get(number, ()):
            slide.shapes.add_picture(io.BytesIO(data), Inches(1), Inches(2))
    deck.save(str(file))
    return file


def pack(file: Path, entries: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file


def bind_book(
    file: Path,
    *chapters: str,
    title: str = "",
    meta: str = "",
    pictures: Mapping[str, bytes] | None = None,
    **entries: bytes | str,
) -> Path:
    """Write a book; pictures lie beside the chapters, and a meta may name one as the cover."""
    names = [f"text/chapter {number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = [
        f'<item id="c{i}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for i, name in enumerate(names)
    ]
    items += [f'<item id="{name}" href="text/{name}"/>' for name in pictures or {}]
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(names)))
    package = PACKAGE.format(title=title, meta=meta, items="".join(items), spine=spine)
    parts: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
    }
    parts |= {f"OEBPS/{n}": CHAPTER.format(c) for n, c in zip(names, chapters, strict=True)}
    parts |= {f"OEBPS/text/{name}": data for name, data in (pictures or {}).items()}
    return pack(file, parts | entries)


def print_plates(file: Path, *pages: tuple[str, Sequence[bytes]]) -> Path:
    """Print a PDF: on each page words and, below them, pictures."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for words, pictures in pages:
        pdf.add_page()
        pdf.multi_cell(0, text=words)
        for row, data in enumerate(pictures):
            pdf.image(io.BytesIO(data), x=20, y=60 + 50 * row, h=40)
    pdf.output(str(file))
    return file
