from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

import indexer.archives
from indexer.packed import COMPOUND, DOCX, EPUB, PPTX
from indexer.sniff import Sniffed, sniff
from retrieval.errors import UnreadableMedia
from retrieval.media import Kind
from tests.indexer.papers import bind_book, give_talk, pack, write_letter


def put(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


def compound(*names: str) -> bytes:
    """Make the beginning of a compound file with these streams, its directory in sector 3."""
    header = bytearray(512)
    header[:8], header[30:32], header[48:52] = COMPOUND, (9).to_bytes(2, "little"), b"\3\0\0\0"
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return bytes(header) + bytes(3 * 512) + directory.ljust(1024, b"\0")


def test_documents_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    made = {
        DOCX: write_letter(tmp_path / "a.docx", "words"),
        PPTX: give_talk(tmp_path / "a.pptx", "words"),
        EPUB: bind_book(tmp_path / "a.epub", "words"),
    }
    for mime, file in made.items():
        assert sniff(file) == Sniffed(Kind.TEXT, mime)
        for name in ("download", "a.zip", "b.docx", "b.txt"):
            os.replace(file, file := tmp_path / name)
            assert sniff(file) == Sniffed(Kind.TEXT, mime)


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.epub", "a.pptm"])
def test_other_archives_with_their_names_are_failures(tmp_path: Path, name: str) -> None:
    for entries in ({}, {"a.txt": "words"}, {"[Content_Types].xml": "", "xl/workbook.xml": ""}):
        with pytest.raises(UnreadableMedia, match=rf"{name}: is named"):
            sniff(pack(tmp_path / name, entries))
    with pytest.raises(UnreadableMedia, match=rf"{name}: is empty"):
        sniff(put(tmp_path / name, b""))
    with pytest.raises(UnreadableMedia, match=rf"{name}: is named"):
        sniff(put(tmp_path / name, b"words"))


def test_a_damaged_archive_says_so_where_its_name_promises_a_document(tmp_path: Path) -> None:
    data = write_letter(tmp_path / "a.docx", "words").read_bytes()[:-30]
    with pytest.raises(UnreadableMedia, match=r"a\.docx: is a damaged archive"):
        sniff(put(tmp_path / "a.docx", data))
    assert sniff(put(tmp_path / "a.zip", data)) is None


def test_a_trap_says_so_where_its_name_promises_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_letter(tmp_path / "a.docx", "words")
    monkeypatch.setattr(indexer.archives, "MOST_ENTRIES", 3)
    with pytest.raises(UnreadableMedia, match=r"a\.docx: holds \d+ entries"):
        sniff(tmp_path / "a.docx")


def test_an_encrypted_document_says_so(tmp_path: Path) -> None:
    data = compound("Root Entry", "EncryptionInfo", "EncryptedPackage")
    with pytest.raises(UnreadableMedia, match=r"a\.docx: is encrypted"):
        sniff(put(tmp_path / "a.docx", data))


def test_an_old_format_with_a_new_name_says_so(tmp_path: Path) -> None:
    data = compound("Root Entry", "WordDocument")
    with pytest.raises(UnreadableMedia, match=r"a\.docx: is of a format older"):
        sniff(put(tmp_path / "a.docx", data))
    with pytest.raises(UnreadableMedia, match=r"a\.pptx: is of a format older"):
        sniff(put(tmp_path / "a.pptx", COMPOUND + b"\xff" * 100))
    assert sniff(put(tmp_path / "a.doc", data)) is None


@pytest.mark.parametrize("name", ["__init__.py", "a.log", "a.c"])
def test_source_code_that_is_empty_or_none_is_passed_over(tmp_path: Path, name: str) -> None:
    assert sniff(put(tmp_path / name, b"int main;")) == Sniffed(Kind.TEXT, "text/plain")
    assert sniff(put(tmp_path / name, b"")) is None
    assert sniff(put(tmp_path / name, bytes(range(256)))) is None


def test_tables_that_are_none_are_failures(tmp_path: Path) -> None:
    assert sniff(put(tmp_path / "a.csv", b"a,b\n")) == Sniffed(Kind.TEXT, "text/csv")
    with pytest.raises(UnreadableMedia, match=r"a\.csv: is named \.csv"):
        sniff(put(tmp_path / "a.csv", bytes(range(256))))


def test_markup_in_source_code_is_source_code(tmp_path: Path) -> None:
    assert sniff(put(tmp_path / "a.php", b"<!doctype html><p>")) == Sniffed(Kind.TEXT, "text/plain")


def test_an_archive_is_not_unpacked_to_be_recognised(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", EPUB + " " * (8 << 20))
    with pytest.raises(UnreadableMedia, match=r"a\.epub: mimetype unpacks to more"):
        sniff(tmp_path / "a.epub")


def test_a_note_of_who_has_a_document_open_is_passed_over(tmp_path: Path) -> None:
    assert sniff(put(tmp_path / "~$a.docx", b"\x05Maria" + bytes(156))) is None
