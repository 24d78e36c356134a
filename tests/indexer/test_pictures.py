from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from indexer.decoded import Decoded, Examined
from indexer.pictures import open_pictures, read_picture
from indexer.report import Report
from indexer.sniff import Sniffed, sniff
from retrieval.catalog.records import FoundFile
from retrieval.library import Library
from retrieval.media import Kind, Query, TextTerm
from tests.decode.negatives import dng
from tests.decode.test_camera import BERN, exif
from tests.decode.test_formats import WRITTEN, heic
from tests.decode.test_frames import moving, scanned
from tests.decode.test_pictures import encode, half_and_half
from tests.fakes import FakeEncoder


def put(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


def read(file: Path) -> Decoded:
    sniffed = sniff(file)
    assert sniffed is not None
    status = file.stat()
    found = FoundFile(file.name, status.st_size, status.st_mtime_ns)
    examined = Examined(found, file, "0" * 64, sniffed)
    return read_picture(examined, *open_pictures(file), FakeEncoder())


@pytest.mark.parametrize(("format", "mime"), WRITTEN.items())
def test_pictures_are_known_whatever_their_name(tmp_path: Path, format: str, mime: str) -> None:
    data = encode(half_and_half().resize((64, 64)), format)
    for name in ("a", "a.jpg", "a.txt"):
        assert sniff(put(tmp_path / name, data)) == Sniffed(Kind.IMAGE, mime)


def test_phones_pictures_and_raw_files_are_known(tmp_path: Path) -> None:
    phone = put(tmp_path / "a.jpg", heic(half_and_half()))
    assert sniff(phone) == Sniffed(Kind.IMAGE, "image/heic")
    raw = put(tmp_path / "a.dng", dng(half_and_half()))
    assert sniff(raw) == Sniffed(Kind.IMAGE, "image/x-adobe-dng")


def test_digits_are_a_picture_only_if_named_so(tmp_path: Path) -> None:
    digits = b"P3\n2 1\n255\n255 0 0  0 0 255\n"
    assert sniff(put(tmp_path / "a.ppm", digits)) == Sniffed(Kind.IMAGE, "image/x-portable-anymap")
    assert sniff(put(tmp_path / "a.txt", digits)) == Sniffed(Kind.TEXT, "text/plain")
    assert read(tmp_path / "a.ppm").pictures[0].getpixel((0, 0)) == (255, 0, 0)


def test_a_still_picture_is_one_passage(tmp_path: Path) -> None:
    decoded = read(put(tmp_path / "a.png", encode(half_and_half(), "PNG")))
    [passage], [picture] = decoded.passages, decoded.pictures
    assert (passage.kind, passage.page, passage.start) == (Kind.IMAGE, None, None)
    assert decoded.cover is picture


def test_what_the_camera_said_is_kept(tmp_path: Path) -> None:
    fields = exif("2021:05:03 10:20:30", "Canon", "Canon EOS R5", BERN)
    content = read(put(tmp_path / "a.jpg", encode(half_and_half(), "JPEG", exif=fields))).content
    assert content.taken_at == datetime(2021, 5, 3, 10, 20, 30)
    assert content.camera == "Canon EOS R5"
    assert (content.latitude, content.longitude) == (46.948, 7.4474)


def test_frames_and_pages_are_passages(tmp_path: Path) -> None:
    film = read(put(tmp_path / "a.gif", moving("GIF")))
    assert [(p.start, p.end) for p in film.passages] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    scan = read(put(tmp_path / "a.tif", scanned("white", "red")))
    assert [p.page for p in scan.passages] == [1, 2]
    for decoded in (film, scan):
        assert len(decoded.pictures) == len(decoded.passages)
        assert {p.kind for p in decoded.passages} == {Kind.IMAGE}


def test_what_is_read_can_be_sent_between_processes(tmp_path: Path) -> None:
    decoded = read(put(tmp_path / "a.gif", moving("GIF")))
    sent = pickle.loads(pickle.dumps(decoded))
    assert sent.passages == decoded.passages and sent.content == decoded.content
    assert [i.tobytes() for i in sent.pictures] == [i.tobytes() for i in decoded.pictures]


def test_a_later_frame_and_a_later_page_are_found(
    library: Library, run: Callable[[], Report], media: Path
) -> None:
    put(media / "film.gif", moving("GIF", ["green", "black", "white", "red"]))
    put(media / "scan.tif", scanned("green", "black", "red"))
    Image.new("RGB", (64, 48), "green").save(media / "green.png")
    assert not run().failures
    hits = library.search(Query((TextTerm("red"),))).hits
    found = {hit.item.path: (hit.passage.page, hit.passage.start) for hit in hits[:2]}
    assert found == {"film.gif": (None, 1.5), "scan.tif": (3, None)}
