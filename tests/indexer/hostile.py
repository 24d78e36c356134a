"""Files that are broken, lie or mean harm, and what is to become of each.

What is read in spite of all has a sign to know it by; what is refused, the words of its reason;
what is in neither list is passed over in silence.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.indexer.papers import bind_book, pack
from tests.indexer.whole import PICTURES, SOUNDS, Sign, make, shade

MILLION = 1_000_000
PNG = b"\x89PNG\r\n\x1a\n"
DAMAGED = "damaged|get a whole copy"
STREAMED = {
    "early": (),
    "half": ("wav", "mp3", "flac"),
    "late": ("png", "ico", "qoi", *SOUNDS, "mp4", "webm", "mkv", "avi", "pdf"),
}
"""Of what kinds a file that breaks off shows or says what came before."""
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BODY = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


@dataclass(frozen=True)
class Corpus:
    """A folder of such files, by their paths in it."""

    folder: Path
    read: dict[str, Sign] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """The words, a regular expression, that the reason has."""

    def expect(self, read: Mapping[str, Sign], refused: Mapping[str, str]) -> None:
        """Add what is to become of some files."""
        self.read.update(read)
        self.refused.update(refused)


def make_bombs(folder: Path) -> Corpus:
    """Write what is broken or swells."""
    corpus = Corpus(folder)
    for maker in (bombs, bombs_of_office, bombs_of_print, cut, empty):
        within = folder / maker.__name__
        within.mkdir()
        maker(within, corpus)
    return corpus


def bombs(folder: Path, corpus: Corpus) -> None:
    """Write pictures that are small on disk and large in memory."""
    too_many = "more (pixels than|than the) .*TRIPTYCH_MAX_PIXELS"
    _png(folder / "huge header.png", 100_000, 100_000, b"")
    _png(folder / "header alone.png", 12_000, 12_000, b"")
    frame = b"," + bytes(4) + b"\xff\xff\xff\xff\0\x02\x02L\x01\0;"
    (folder / "huge screen.gif").write_bytes(b"GIF89a\xff\xff\xff\xff" + bytes(3) + frame)
    (folder / "huge.bmp").write_bytes(_bitmap(70_000, 70_000))
    (folder / "huge.qoi").write_bytes(b"qoif" + struct.pack(">II", 90_000, 90_000) + b"\3\0")
    (folder / "huge.ppm").write_bytes(b"P6 90000 90000 255\n")
    (folder / "huge.webp").write_bytes(_webp(16_383, 16_383))
    names = ("huge header.png", "huge screen.gif", "huge.bmp", "huge.qoi", "huge.ppm", "huge.webp")
    corpus.expect({}, {f"bombs/{name}": too_many for name in names})
    large = {"large.png": (90, 90, 90), "large.jpg": (30, 30, 30)}
    for name, colour in large.items():
        Image.new("L", (10_000, 10_000), colour[0]).save(folder / name, compress_level=1)
    corpus.expect(
        {f"bombs/{name}": Sign(colour=colour) for name, colour in large.items()},
        {"bombs/header alone.png": DAMAGED},
    )
    Image.new("RGB", (96, 64), shade(7, 9)).save(folder / "words.png")
    _insert_chunk(
        folder / "words.png", b"zTXt", b"Comment\0\0" + zlib.compress(bytes(90 * MILLION))
    )
    corpus.expect({}, {"bombs/words.png": DAMAGED})


def bombs_of_office(folder: Path, corpus: Corpus) -> None:
    """Write archives that swell, lie, nest and recurse."""
    zeros = bytes(105 * MILLION)
    pack(folder / "zeros.docx", _word(zeros))
    bind_book(folder / "zeros.epub", "<p>words</p>", zeros=zeros)
    words = f'<w:document xmlns:w="{BODY}"><w:body><w:p><w:r><w:t>'.encode()
    pack(folder / "many words.docx", _word(words + b"word " * 5 * MILLION))
    laughs = '<!DOCTYPE w [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 20}">'
        for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    pack(folder / "laughs.docx", _word(f"{laughs}]><w>&h;</w>"))
    pack(folder / "deep.docx", _word("<w>" * 200_000))
    lying = pack(folder / "lying.docx", _word(words + bytes(20 * MILLION)))
    data = bytearray(lying.read_bytes())
    place = data.rindex(b"word/document.xml") - 46 + 24
    data[place : place + 4] = struct.pack("<I", 1000)
    lying.write_bytes(data)
    with zipfile.ZipFile(folder / "entries.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for number in range(21_000):
            archive.writestr(str(number), b"")
    corpus.expect(
        {},
        {
            "bombs_of_office/zeros.docx": "would unpack to",
            "bombs_of_office/zeros.epub": "would unpack to",
            "bombs_of_office/many words.docx": "TRIPTYCH_MAX_CHARACTERS",
            "bombs_of_office/laughs.docx": DAMAGED,
            "bombs_of_office/deep.docx": DAMAGED,
            "bombs_of_office/lying.docx": DAMAGED,
            "bombs_of_office/entries.epub": "entries, more than are read",
        },
    )


def bombs_of_print(folder: Path, corpus: Corpus) -> None:
    """Write PDFs with enormous pages, pages without end and streams that swell."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {0} {0}] >>"
    root = "<< /Type /Catalog /Pages 2 0 R >>"
    tree = "<< /Type /Pages /Kids [{}] /Count {} >>"
    _pdf(folder / "enormous page.pdf", root, tree.format("3 0 R", 1), page.format(10**9))
    _pdf(folder / "many pages.pdf", root, tree.format("3 0 R", 2**31 - 1), page.format(100))
    _pdf(folder / "tree in itself.pdf", root, tree.format("2 0 R", 1))
    nested = [tree.format(f"{number} 0 R", 1) for number in range(3, 20_003)]
    _pdf(folder / "deep tree.pdf", root, *nested, page.format(100))
    packed = zlib.compress(b"0 0 m 9 9 l S " * 100_000)
    stream = b"<< /Filter /FlateDecode /Length %d >> stream\n%b\nendstream" % (len(packed), packed)
    shown = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"
    _pdf(folder / "swelling stream.pdf", root, tree.format("3 0 R", 1), shown, stream)
    (folder / "no pages.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    read = ("enormous page", "many pages", "swelling stream")
    refused = ("tree in itself", "deep tree", "no pages")
    corpus.expect(
        {f"bombs_of_print/{name}.pdf": Sign() for name in read},
        {f"bombs_of_print/{name}.pdf": DAMAGED for name in refused},
    )


def cut(folder: Path, corpus: Corpus) -> None:
    """Break files of every kind off: near their beginning, in the middle and before their end."""
    for suffix in (*PICTURES, *SOUNDS, "mp4", "webm", "mkv", "avi", "pdf", "docx", "pptx", "epub"):
        whole = make(folder / f"whole.{suffix}", Sign(shade(1, 7), "whale", 1.0))
        data = whole.read_bytes()
        for name, end in {"early": 30, "half": len(data) // 2, "late": len(data) - 5}.items():
            (folder / f"{name} {suffix}.{suffix}").write_bytes(data[:end])
            path = f"cut/{name} {suffix}.{suffix}"
            if suffix in STREAMED[name]:
                corpus.read[path] = Sign()
            else:
                corpus.refused[path] = f"{DAMAGED}|is named .{suffix} but holds"
        whole.unlink()


def empty(folder: Path, corpus: Corpus) -> None:
    """Write files of no bytes."""
    for suffix in ("jpg", "png", "heic", "mp3", "mp4", "pdf", "docx", "epub", "txt", "json"):
        (folder / f"empty {suffix}.{suffix}").touch()
        corpus.expect({}, {f"empty/empty {suffix}.{suffix}": "is empty"})


def _word(document: str | bytes) -> dict[str, bytes | str]:
    relation = f'<Relationship Id="r" Type="{MAIN}" Target="word/document.xml"/>'
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
        "word/document.xml": document,
    }


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(file: Path, width: int, height: int, pixels: bytes) -> None:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    file.write_bytes(PNG + b"".join(_chunk(kind, data) for kind, data in chunks))


def _insert_chunk(file: Path, kind: bytes, data: bytes) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:33] + _chunk(kind, data) + whole[33:])


def _webp(width: int, height: int) -> bytes:
    pixels = struct.pack("<BI", 0x2F, width - 1 | height - 1 << 14) + bytes(11)
    return b"RIFF" + struct.pack("<I4s4sI", 28, b"WEBP", b"VP8L", 16) + pixels


def _bitmap(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def _pdf(file: Path, *objects: str | bytes) -> None:
    """Write numbered objects, the first of which is the root, and their table."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, written in enumerate(objects, start=1):
        places.append(len(data))
        body = written.encode() if isinstance(written, str) else written
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
    )
    file.write_bytes(data)
