from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from indexer.sniff import Sniffed, sniff
from retrieval.errors import UnreadableMedia
from retrieval.media import Kind
from tests.decode.test_sound import encode
from tests.films import film
from tests.indexer.conftest import paint, print_pages, record


def put(file: Path, data: bytes | str) -> Path:
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


@pytest.mark.parametrize("suffix", ["jpeg", "png", "webp", "gif", "bmp", "tiff"])
def test_pictures(tmp_path: Path, suffix: str) -> None:
    expected = Sniffed(Kind.IMAGE, f"image/{suffix}")
    assert sniff(paint(tmp_path / f"a.{suffix}")) == expected


@pytest.mark.parametrize(
    ("format", "codec", "mime"),
    [
        ("wav", "pcm_s16le", "audio/wav"),
        ("mp3", "libmp3lame", "audio/mpeg"),
        ("flac", "flac", "audio/flac"),
        ("ogg", "libopus", "audio/ogg"),
        ("ipod", "aac", "audio/mp4"),
        ("adts", "aac", "audio/aac"),
        ("aiff", "pcm_s16be", "audio/aiff"),
    ],
)
def test_recordings_whatever_their_name(tmp_path: Path, format: str, codec: str, mime: str) -> None:
    assert sniff(put(tmp_path / "sound", encode(format, codec))) == Sniffed(Kind.AUDIO, mime)


@pytest.mark.parametrize(
    ("suffix", "mime"),
    [
        ("mp4", "video/mp4"),
        ("mov", "video/quicktime"),
        ("mkv", "video/matroska"),
        ("avi", "video/x-msvideo"),
        ("ts", "video/mp2t"),
    ],
)
def test_films_whatever_their_name(tmp_path: Path, suffix: str, mime: str) -> None:
    made = film(tmp_path / f"a.{suffix}", ["red"])
    assert sniff(put(tmp_path / "film", made.read_bytes())) == Sniffed(Kind.VIDEO, mime)


@pytest.mark.parametrize(
    ("name", "text", "mime"),
    [
        ("a.txt", "words", "text/plain"),
        ("a.TXT", "BMW makes cars", "text/plain"),
        ("b.txt", "ID3 tags name songs", "text/plain"),
        ("a.md", "# Title", "text/markdown"),
        ("a.html", "<p>x", "text/html"),
        ("c.txt", "  <!DOCTYPE html><p>x", "text/html"),
    ],
)
def test_texts(tmp_path: Path, name: str, text: str, mime: str) -> None:
    assert sniff(put(tmp_path / name, text)) == Sniffed(Kind.TEXT, mime)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_chinese_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    file = put(tmp_path / "a.txt", "天空很高".encode(encoding) * 3000)
    assert sniff(file) == Sniffed(Kind.TEXT, "text/plain")


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    os.rename(paint(tmp_path / "a.png"), tmp_path / "a.jpg")
    assert sniff(tmp_path / "a.jpg") == Sniffed(Kind.IMAGE, "image/png")
    os.rename(print_pages(tmp_path / "a.pdf", "words"), tmp_path / "pdf.txt")
    assert sniff(tmp_path / "pdf.txt") == Sniffed(Kind.TEXT, "application/pdf")
    os.rename(record(tmp_path / "a.wav"), tmp_path / "memo")
    assert sniff(tmp_path / "memo") == Sniffed(Kind.AUDIO, "audio/wav")


@pytest.mark.parametrize("name", ["a.svg", "README", "a.bin", "a.xlsx"])
def test_other_files_are_passed_over(tmp_path: Path, name: str) -> None:
    assert sniff(put(tmp_path / name, "<svg xmlns='http://www.w3.org/2000/svg'/>")) is None
    assert sniff(put(tmp_path / name, b"")) is None
    assert sniff(put(tmp_path / name, bytes(range(256)))) is None


def test_archives_are_passed_over(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "words")
    assert sniff(tmp_path / "a.zip") is None


@pytest.mark.parametrize("name", ["a.jpg", "a.txt", "a.pdf", "a.wav", "a.md"])
def test_an_empty_file_is_a_failure(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableMedia, match=f"{name}: is empty"):
        sniff(put(tmp_path / name, b""))


def test_a_file_that_is_not_what_its_name_says_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match=r"is named \.jpg but holds something else"):
        sniff(put(tmp_path / "a.jpg", "not a picture"))
    with pytest.raises(UnreadableMedia, match=r"is named \.txt but holds application/zip"):
        sniff(put(tmp_path / "a.txt", b"PK\x03\x04" + bytes(300)))
    Image.new("RGB", (16, 16)).save(tmp_path / "a.eps")
    os.rename(tmp_path / "a.eps", tmp_path / "a.png")
    with pytest.raises(UnreadableMedia, match=r"is named \.png"):
        sniff(tmp_path / "a.png")
