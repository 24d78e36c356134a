from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

import indexer.bounds
from indexer.documents import open_document
from indexer.opened import Document
from indexer.packed import DOCX, PPTX
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import Settings
from tests.indexer.papers import give_talk, pack, picture, write_letter

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def open_letter(file: Path) -> Document:
    return open_document(file, DOCX)


def open_deck(file: Path) -> Document:
    return open_document(file, PPTX)


def package(file: Path, document: str, **entries: str) -> Path:
    """Pack a Word document of one part."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    )
    return pack(file, {"_rels/.rels": relations, "word/document.xml": document, **entries})


def test_a_letter_in_two_languages(tmp_path: Path) -> None:
    document = open_letter(
        write_letter(
            tmp_path / "a.docx", "Foxes run.", "湖边的柳树已经发芽了。", title="A walk 散步"
        )
    )
    assert document.texts == ("Foxes run.\n\n湖边的柳树已经发芽了。",)
    assert document.title == "A walk 散步" and not document.paged and document.cover is None


def test_words_that_lie_beside_the_paragraphs_are_read(tmp_path: Path) -> None:
    letter = docx.Document()
    letter.add_paragraph("tail")
    body = letter.element.body
    for words, wrapper in (
        ("inserted", "ins"),
        ("moved away", "moveFrom"),
        ("linked", "hyperlink"),
    ):
        run = f"<w:{wrapper}><w:r><w:t>{words}</w:t></w:r></w:{wrapper}>"
        body.insert(0, parse_xml(f"<w:p {WORD}>{run}</w:p>"))
    control = "<w:sdtContent><w:p><w:r><w:t>control</w:t></w:r></w:p></w:sdtContent>"
    body.insert(0, parse_xml(f"<w:sdt {WORD}>{control}</w:sdt>"))
    letter.sections[0].header.paragraphs[0].text = "Letterhead"
    table = letter.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    letter.save(str(tmp_path / "a.docx"))
    (text,) = open_letter(tmp_path / "a.docx").texts
    assert text == "control\n\nlinked\n\ninserted\n\ntail\n\nleft\nright\n\nLetterhead"


def test_tabs_breaks_and_tab_stops(tmp_path: Path) -> None:
    paragraph = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/>"
        "<w:t>c</w:t><w:delText>gone</w:delText></w:r></w:p>"
    )
    file = package(tmp_path / "a.docx", f"<w:document {WORD}>{paragraph}</w:document>")
    assert open_letter(file).texts == ("a b\nc",)


def test_pictures_of_a_letter(tmp_path: Path) -> None:
    shown = [picture("red"), picture("blue", format="JPEG"), picture("red"), picture("green", 40)]
    document = open_letter(write_letter(tmp_path / "a.docx", "words", pictures=shown))
    red, blue = document.illustrations
    assert red.image.getpixel((100, 80)) == (255, 0, 0) and red.page is None
    assert blue.image.mode == "RGB" and blue.image.getpixel((100, 80))[2] > 250


def test_a_deck_is_paged_by_its_slides_in_the_order_they_are_shown(tmp_path: Path) -> None:
    file = give_talk(tmp_path / "a.pptx", "First", "第二页", "Third", title="Talk")
    deck = pptx.Presentation(str(file))
    order = deck.slides._sldIdLst
    order.insert(0, order[2])
    deck.slides[0].notes_slide.notes_text_frame.text = "Do not forget the whales."
    table = deck.slides[1].shapes.add_table(1, 2, 0, 0, 100, 100).table
    table.cell(0, 0).text = "cell"
    deck.save(str(file))
    document = open_deck(file)
    assert document.paged and document.title == "Talk"
    assert document.texts == ("Third\n\nDo not forget the whales.", "First\n\ncell", "第二页")


def test_pictures_of_a_deck_have_their_slide_and_a_logo_is_shown_once(tmp_path: Path) -> None:
    logo, chart = picture("purple"), picture("yellow", 1600, 1200)
    shown = {1: [logo], 2: [logo, chart], 3: [logo, picture("red", 32, 300)]}
    document = open_deck(give_talk(tmp_path / "a.pptx", "a", "b", "c", pictures=shown))
    assert [one.page for one in document.illustrations] == [1, 2]
    assert min(document.illustrations[1].image.size) < 600
    assert document.cover is document.illustrations[0].image


def test_a_deck_without_a_picture_on_its_first_slide_has_no_cover(tmp_path: Path) -> None:
    shown = {2: [picture("red")]}
    assert open_deck(give_talk(tmp_path / "a.pptx", "a", "b", pictures=shown)).cover is None


def test_a_film_in_a_deck_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = give_talk(tmp_path / "a.pptx", "words")
    (tmp_path / "film.mp4").write_bytes(bytes(range(256)) * 8192)
    deck = pptx.Presentation(str(file))
    deck.slides[0].shapes.add_movie(
        str(tmp_path / "film.mp4"), 0, 0, 100, 100, mime_type="video/mp4"
    )
    deck.save(str(file))
    monkeypatch.setattr("indexer.archives.MOST_READ", 1 << 20)
    assert open_deck(file).texts == ("words",)


def test_broken_and_foreign_pictures_cost_no_words(tmp_path: Path) -> None:
    file = give_talk(tmp_path / "a.pptx", "words", pictures={1: [picture("red")]})
    damaged = tmp_path / "b.pptx"
    with zipfile.ZipFile(file) as whole:
        entries = {info.filename: whole.read(info) for info in whole.infolist()}
    (name,) = (name for name in entries if name.startswith("ppt/media/"))
    for data in (b"", b"\x01\x00\x00\x00 an old drawing", entries[name][:60]):
        document = open_deck(pack(damaged, entries | {name: data}))
        assert document.texts == ("words",) and document.illustrations == ()
    pack(damaged, entries)
    packed = damaged.read_bytes()
    place = packed.index(name.encode()) + len(name) + 40
    damaged.write_bytes(packed[:place] + bytes(20) + packed[place + 20 :])
    document = open_deck(damaged)
    assert document.texts == ("words",) and document.illustrations == ()
    del entries[name]
    assert open_deck(pack(damaged, entries)).texts == ("words",)


@pytest.mark.parametrize("size", [0, 100, 3000, -200, -1])
def test_damaged_files_say_so(tmp_path: Path, size: int) -> None:
    file = write_letter(tmp_path / "a.docx", "words " * 500)
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(UnreadableMedia, match=r"a\.docx: "):
        open_letter(file)


def test_a_package_without_a_main_part_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="does not say where its text is"):
        open_letter(pack(tmp_path / "a.docx", {"word/document.xml": "<a/>"}))


BOMB = (
    '<!DOCTYPE a [<!ENTITY b "boom">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 20}">' for old, new in zip("bcdefg", "cdefgh", strict=True)
    )
    + "]>"
)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    words = f"<w:document {WORD}><w:p><w:r><w:t>a&h;b</w:t></w:r></w:p></w:document>"
    with pytest.raises(UnreadableMedia, match=r"a\.docx: .*entity"):
        open_letter(package(tmp_path / "a.docx", BOMB + words))


def test_files_of_the_machine_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    words = f"<w:document {WORD}><w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:document>"
    assert open_letter(package(tmp_path / "a.docx", outside + words)).texts == ("ab",)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    deep = f"<w:document {WORD}>" + "<w:p>" * 100_000 + "</w:p>" * 100_000 + "</w:document>"
    with pytest.raises(UnreadableMedia, match=r"a\.docx: .*nested too deep"):
        open_letter(package(tmp_path / "a.docx", deep))


def test_relations_that_point_outside_find_nothing(tmp_path: Path) -> None:
    drawing = '<blip xmlns:r="r" r:embed="r9"/><blip xmlns:r="r" r:embed="r8"/>'
    relations = (
        '<Relationships><Relationship Id="r9" Type="x/image" Target="../../../../etc/passwd"/>'
        '<Relationship Id="r8" Type="x/image" Target="http://a.b/c.png" TargetMode="External"/>'
        "</Relationships>"
    )
    words = f"<w:document {WORD}>{drawing}<w:p><w:r><w:t>a</w:t></w:r></w:p></w:document>"
    file = package(tmp_path / "a.docx", words, **{"word/_rels/document.xml.rels": relations})
    document = open_letter(file)
    assert document.texts == ("a",) and document.illustrations == ()


def test_bounds_on_slides_and_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Settings(max_pages=2, max_characters=100)
    monkeypatch.setattr(indexer.bounds, "settings", lambda: small)
    with pytest.raises(MediaTooLarge, match=r"a\.pptx: 3 pages"):
        open_deck(give_talk(tmp_path / "a.pptx", "a", "b", "c"))
    with pytest.raises(MediaTooLarge, match=r"b\.pptx: .*TRIPTYCH_MAX_CHARACTERS"):
        open_deck(give_talk(tmp_path / "b.pptx", "a" * 60, "b" * 60))
    with pytest.raises(MediaTooLarge, match=r"c\.docx: .*TRIPTYCH_MAX_CHARACTERS"):
        open_letter(write_letter(tmp_path / "c.docx", "a" * 60, "b" * 60))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1)))
def test_every_paragraph_is_kept(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    file = tmp_path_factory.mktemp("letters") / "a.docx"
    assert open_letter(write_letter(file, *words)).texts == ("\n\n".join(words),)
