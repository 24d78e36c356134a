from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

import indexer.illustrations
import indexer.pages
from indexer.pages import read_pages
from retrieval.decode.pictures import SHORT_SIDE
from retrieval.errors import MediaTooLarge
from tests.indexer.conftest import print_pages
from tests.indexer.papers import picture, print_plates

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 128, 0)


def corner(image: Image.Image) -> tuple[int, ...]:
    """Give the colour of the lower right corner; the upper left one has a black mark."""
    assert image.mode == "RGB"
    assert max(image.getpixel((9, 9))) < 16
    return image.getpixel((image.width - 9, image.height - 9))


def test_a_page_without_words_is_a_picture(tmp_path: Path) -> None:
    file = print_plates(tmp_path / "a.pdf", ("Words", []), ("", [picture("red")]), ("", []))
    document = read_pages(file)
    (scan,) = document.illustrations
    assert document.texts[1].strip() == "" and scan.page == 2
    assert scan.image.mode == "RGB" and min(scan.image.size) in {SHORT_SIDE, SHORT_SIDE + 1}
    assert (np.asarray(scan.image) == RED).all(axis=-1).any()


def test_pictures_are_taken_once_and_icons_not_at_all(tmp_path: Path) -> None:
    logo, rule = picture("blue"), picture("green", 600, 20)
    file = print_plates(tmp_path / "a.pdf", ("One", [logo, rule]), ("Two", [logo, picture("red")]))
    shown = read_pages(file).illustrations
    assert [(one.page, corner(one.image)) for one in shown] == [(1, BLUE), (2, RED)]


def test_large_pictures_are_reduced_and_small_ones_not_enlarged(tmp_path: Path) -> None:
    both = [picture("red", 1600, 1200, "JPEG"), picture("blue", 100, 80)]
    large, small = (
        one.image
        for one in read_pages(print_plates(tmp_path / "a.pdf", ("Words", both))).illustrations
    )
    assert SHORT_SIDE <= large.height <= SHORT_SIDE + 2
    assert abs(small.width - 100) <= 2 and abs(small.height - 80) <= 2


def test_a_picture_on_a_page_that_is_turned_is_upright(tmp_path: Path) -> None:
    lying = Image.open(io.BytesIO(picture("red"))).transpose(Image.Transpose.ROTATE_90)
    data = io.BytesIO()
    lying.save(data, "PNG")
    printed = print_plates(tmp_path / "a.pdf", ("Words", [data.getvalue()]))
    document = pypdfium2.PdfDocument(printed)
    document[0].set_rotation(90)
    document.save(tmp_path / "b.pdf")
    document.close()
    (shown,) = read_pages(tmp_path / "b.pdf").illustrations
    assert shown.image.width > shown.image.height and corner(shown.image) == RED


def test_transparency_is_shown_on_white(tmp_path: Path) -> None:
    clear = Image.open(io.BytesIO(picture("red"))).convert("RGBA")
    clear.paste((0, 0, 0, 0), (60, 45, 120, 90))
    data = io.BytesIO()
    clear.save(data, "PNG")
    file = print_plates(tmp_path / "a.pdf", ("Words", [data.getvalue()]))
    assert corner(read_pages(file).illustrations[0].image) == (255, 255, 255)


def test_pictures_in_groups_are_found(tmp_path: Path) -> None:
    printed = print_plates(tmp_path / "a.pdf", ("Words", [picture("red")]))
    source, target = pypdfium2.PdfDocument(printed), pypdfium2.PdfDocument.new()
    group = source.page_as_xobject(0, target)
    page = target.new_page(595, 842)
    page.insert_obj(group.as_pageobject())
    page.gen_content()
    target.save(tmp_path / "b.pdf")
    (shown,) = read_pages(tmp_path / "b.pdf").illustrations
    assert shown.page == 1 and corner(shown.image) == RED


def test_pictures_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    colours = ("red", "blue", "green")
    file = print_plates(tmp_path / "a.pdf", *((colour, [picture(colour)]) for colour in colours))
    for name, most in (("MOST", 2), ("MOST_PIXELS", 20_000), ("MOST_TRIED", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(indexer.illustrations, name, most)
            document = read_pages(file)
        assert [one.page for one in document.illustrations] == [1, 2], name
        assert document.texts[2] == "green"
    monkeypatch.setattr(indexer.illustrations, "MOST_SECONDS", -1.0)
    assert read_pages(file).illustrations == ()


def test_computing_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer.pages, "MOST_SECONDS", -1.0)
    with pytest.raises(MediaTooLarge, match=r"a\.pdf: takes more than .* 1 of 2 pages"):
        read_pages(print_pages(tmp_path / "a.pdf", "one", "two"))


def test_a_broken_picture_costs_no_words(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    pdf.set_compression(False)
    pdf.add_page()
    pdf.multi_cell(0, text="Words")
    pdf.image(io.BytesIO(picture("red", 200, 200, "JPEG")), h=40)
    pdf.image(io.BytesIO(picture("blue")), h=40)
    pdf.output(str(tmp_path / "a.pdf"))
    data = (tmp_path / "a.pdf").read_bytes()
    place = data.index(b"\xff\xd8\xff")
    (tmp_path / "a.pdf").write_bytes(data[:place] + bytes(400) + data[place + 400 :])
    document = read_pages(tmp_path / "a.pdf")
    assert document.texts == ("Words",)
    assert corner(document.illustrations[-1].image) == BLUE
