from __future__ import annotations

from pathlib import Path

import pytest

import indexer.bounds
from indexer.documents import open_document
from indexer.opened import Document
from indexer.packed import EPUB
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import Settings
from tests.indexer.papers import bind_book, pack, picture

LOCK = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    '<CipherData><CipherReference URI="{}"/></CipherData></EncryptedData></encryption>'
)


def open_book(file: Path) -> Document:
    return open_document(file, EPUB)


def test_chapters_are_pages_in_the_order_of_reading(tmp_path: Path) -> None:
    file = bind_book(
        tmp_path / "a.epub", "<p>Foxes run.</p>", "<p>鲸鱼在唱歌。</p>", title="Animals 动物"
    )
    document = open_book(file)
    assert document.texts == ("Foxes run.", "鲸鱼在唱歌。")
    assert document.paged and document.title == "Animals 动物" and document.cover is None


def test_pictures_have_their_chapter_and_the_cover_is_shown(tmp_path: Path) -> None:
    svg = '<svg xmlns:xlink="x"><image xlink:href="cover.png"/></svg>'
    file = bind_book(
        tmp_path / "a.epub",
        svg,
        '<p>Words</p><img src="fox%20and%20hen.png#top"/><img src="../../../etc/passwd"/>',
        '<img src="fox and hen.png"/><img src="dot.png"/><img src="http://a.b/c.png"/><img/>',
        meta='<meta name="cover" content="cover.png"/>',
        pictures={
            "cover.png": picture("red"),
            "fox and hen.png": picture("blue"),
            "dot.png": picture("green", 10, 10),
        },
    )
    document = open_book(file)
    assert [one.page for one in document.illustrations] == [1, 2]
    assert document.cover is document.illustrations[0].image
    assert document.cover.getpixel((100, 80)) == (255, 0, 0)


def test_a_protected_book_says_so(tmp_path: Path) -> None:
    locks = {"META-INF/encryption.xml": LOCK.format("OEBPS/text/chapter%201.xhtml")}
    with pytest.raises(UnreadableMedia, match=r"a\.epub: is protected"):
        open_book(bind_book(tmp_path / "a.epub", "<p>x</p>", **locks))
    fonts = {"META-INF/encryption.xml": LOCK.format("OEBPS/font.otf")}
    assert open_book(bind_book(tmp_path / "b.epub", "<p>x</p>", **fonts)).texts == ("x",)


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"META-INF/container.xml": "<container/>"},
        {"META-INF/container.xml": ""},
        {"META-INF/container.xml": '<rootfiles><rootfile full-path="a.opf"/></rootfiles>'},
    ],
)
def test_a_book_without_its_package_is_damaged(tmp_path: Path, entries: dict[str, str]) -> None:
    with pytest.raises(UnreadableMedia, match=r"a\.epub: "):
        open_book(pack(tmp_path / "a.epub", {"mimetype": EPUB, **entries}))


def test_a_book_without_chapters_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="no chapters"):
        open_book(bind_book(tmp_path / "a.epub", pictures={"cover.png": picture("red")}))


def test_bounds_on_chapters_and_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Settings(max_pages=2, max_characters=100)
    monkeypatch.setattr(indexer.bounds, "settings", lambda: small)
    with pytest.raises(MediaTooLarge, match=r"a\.epub: 3 pages"):
        open_book(bind_book(tmp_path / "a.epub", "a", "b", "c"))
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_CHARACTERS"):
        open_book(bind_book(tmp_path / "b.epub", "a" * 60, "b" * 60))
