from __future__ import annotations

from pathlib import Path

import pytest

import indexer.documents
import indexer.pages
from indexer.decoded import Decoded, Examined
from indexer.documents import read_document
from indexer.sniff import sniff
from retrieval.catalog.records import FoundFile
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.media import Kind
from retrieval.settings import Settings
from tests.fakes import FakeEncoder
from tests.indexer.conftest import print_pages


def read(file: Path, data: bytes | None = None) -> Decoded:
    if data is not None:
        file.write_bytes(data)
    sniffed = sniff(file)
    assert sniffed is not None
    status = file.stat()
    found = FoundFile(file.name, status.st_size, status.st_mtime_ns)
    return read_document(Examined(found, file, "0" * 64, sniffed), FakeEncoder())


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Settings(max_pages=2, max_characters=100)
    monkeypatch.setattr(indexer.documents, "settings", lambda: small)
    monkeypatch.setattr(indexer.pages, "settings", lambda: small)


def test_plain_text_in_an_old_encoding(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.txt", "湖边的柳树已经发芽了。".encode("gb18030"))
    (passage,) = decoded.passages
    assert passage.text == "湖边的柳树已经发芽了。" and passage.kind is Kind.TEXT
    assert (passage.page, passage.char_start, passage.char_end) == (None, 0, 11)
    assert decoded.content.mime == "text/plain" and decoded.cover is None


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.md", b"intro\n\n# The walk #\n\nWords.\n# Second")
    assert decoded.content.title == "The walk"


def test_a_page_of_markup(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.html", b"<title>T</title><p>Hello <i>you</i><script>no</script>")
    assert decoded.content.title == "T"
    assert [passage.text for passage in decoded.passages] == ["Hello you"]


def test_passages_are_spans_of_their_page(tmp_path: Path) -> None:
    file = print_pages(tmp_path / "a.pdf", "Foxes run. " * 60, "Whales sing.", title="Animals")
    decoded = read(file)
    assert decoded.content.title == "Animals" and decoded.content.mime == "application/pdf"
    assert {passage.page for passage in decoded.passages} == {1, 2}
    assert decoded.passages[-1].text == "Whales sing."
    assert not any("Foxes\nrun" in passage.text for passage in decoded.passages)
    first = decoded.passages[0]
    assert first.char_end - first.char_start == len(first.text)


def test_the_first_page_is_drawn(tmp_path: Path) -> None:
    cover = read(print_pages(tmp_path / "a.pdf", "Words")).cover
    assert cover is not None and cover.mode == "RGB" and max(cover.size) == 960


def test_a_document_without_words_has_no_passages(tmp_path: Path) -> None:
    assert read(tmp_path / "a.txt", b" \n ").passages == ()
    assert read(print_pages(tmp_path / "a.pdf", "")).passages == ()


def test_an_encrypted_document_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match=r"a\.pdf: is encrypted"):
        read(print_pages(tmp_path / "a.pdf", "secret", password="key"))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\ntrailer <<>>\n%%EOF"])
def test_a_damaged_document_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableMedia, match=r"a\.pdf: is a damaged PDF"):
        read(tmp_path / "a.pdf", data)


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="no text"):
        read(tmp_path / "a.txt", b"words " * 2000 + b"\xff\x01\x02")


@pytest.mark.usefixtures("bounded")
def test_documents_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(MediaTooLarge, match="3 pages"):
        read(print_pages(tmp_path / "a.pdf", "1", "2", "3"))
    with pytest.raises(MediaTooLarge, match="100 characters"):
        read(print_pages(tmp_path / "b.pdf", "Foxes run. " * 20))
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_CHARACTERS"):
        read(tmp_path / "a.txt", b"x" * 101)
    with pytest.raises(MediaTooLarge):
        read(tmp_path / "a.html", b"<p>" + b"x" * 1000)
