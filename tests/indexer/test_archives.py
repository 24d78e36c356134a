from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

import indexer.archives
from indexer.archives import open_archive
from retrieval.errors import MediaTooLarge, UnreadableMedia
from tests.indexer.papers import pack

DIRECTORY = b"PK\x01\x02"


def test_entries_are_read(tmp_path: Path) -> None:
    with open_archive(pack(tmp_path / "a.zip", {"a": b"words", "b/c": b""})) as archive:
        assert archive.names == ["a", "b/c"] and "a" in archive and "c" not in archive
        assert archive.read("a", 5) == b"words" and archive.read("b/c", 0) == b""


def test_an_entry_has_a_bound(tmp_path: Path) -> None:
    with (
        open_archive(pack(tmp_path / "a.zip", {"a": b"words"})) as archive,
        pytest.raises(MediaTooLarge, match=r"a\.zip: a unpacks to more"),
    ):
        archive.read("a", 4)


def test_an_archive_has_a_bound_over_all_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.archives, "MOST_READ", 8)
    with open_archive(pack(tmp_path / "a.zip", {"a": b"words"})) as archive:
        archive.read("a", 100)
        with pytest.raises(MediaTooLarge, match="unpacks to more"):
            archive.read("a", 100)


def test_a_bomb_is_not_lit(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.zip", {"a": bytes(101 << 20)})
    with (
        pytest.raises(MediaTooLarge, match=r"a\.zip: would unpack to \d+ bytes"),
        open_archive(file),
    ):
        pass


def test_a_bomb_that_lies_of_its_size_is_not_lit(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.zip", {"a": bytes(64 << 20)})
    data = bytearray(file.read_bytes())
    place = data.index(DIRECTORY) + 24
    data[place : place + 4] = struct.pack("<I", 1000)
    file.write_bytes(data)
    with (
        open_archive(file) as archive,
        pytest.raises(UnreadableMedia, match=r"a\.zip: cannot be decoded \(Bad CRC"),
    ):
        archive.read("a", 1 << 20)


def test_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pack(tmp_path / "a.zip", {str(number): b"" for number in range(30)})
    monkeypatch.setattr(indexer.archives, "MOST_ENTRIES", 29)
    with pytest.raises(MediaTooLarge, match="30 entries"), open_archive(file):
        pass
    monkeypatch.setattr(indexer.archives, "MOST_DIRECTORY", 1000)
    with pytest.raises(MediaTooLarge, match="list of entries is too long"), open_archive(file):
        pass


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    with (
        open_archive(pack(tmp_path / "a.zip", {})) as archive,
        pytest.raises(UnreadableMedia, match=r"a\.zip: is damaged; it lacks b"),
    ):
        archive.read("b", 1)


def test_an_entry_under_a_password_says_so(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.zip", {"a": b"words"})
    data = bytearray(file.read_bytes())
    data[data.index(DIRECTORY) + 8] |= 1
    file.write_bytes(data)
    with open_archive(file) as archive, pytest.raises(UnreadableMedia, match="is encrypted"):
        archive.read("a", 100)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18])
def test_damaged_archives_say_so(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with pytest.raises(UnreadableMedia, match=r"a\.zip: is a damaged archive"), open_archive(file):
        pass


def test_xml_that_is_none_says_so(tmp_path: Path) -> None:
    with (
        open_archive(pack(tmp_path / "a.zip", {"a": b"words"})) as archive,
        pytest.raises(UnreadableMedia, match="a is no XML"),
    ):
        archive.tree("a")


def test_only_the_packing_of_documents_is_undone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("a", b"words")
    with (
        open_archive(tmp_path / "a.zip") as archive,
        pytest.raises(UnreadableMedia, match="a is packed as no document is"),
    ):
        archive.read("a", 100)
