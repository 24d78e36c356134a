"""Which pictures are read, and what a file is by its first bytes.

Content decides. A name only settles what it leaves open: that a TIFF file is a camera's raw one,
and that a file without a mark is a TGA. Formats that are programs (EPS, SVG, WMF) are not read.
"""

from __future__ import annotations

import re
import struct

PDF = b"%PDF-"
"""How such files begin."""
HEAD = 8192
"""The first bytes of a file, by which it is known."""

PILLOW = {
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/icns": "ICNS",
    "image/jp2": "JPEG2000",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/qoi": "QOI",
    "image/sgi": "SGI",
    "image/tiff": "TIFF",
    "image/vnd.adobe.photoshop": "PSD",
    "image/vnd.microsoft.icon": "ICO",
    "image/vnd.zbrush.pcx": "PCX",
    "image/vnd-ms.dds": "DDS",
    "image/webp": "WEBP",
    "image/x-portable-anymap": "PPM",
    "image/x-tga": "TGA",
    "image/x-win-bitmap": "CUR",
}
"""The types that Pillow reads, and its names for them."""

HEIF = frozenset({"image/heic", "image/heif"})

RAW = {
    ".arw": "image/x-sony-arw",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".dng": "image/x-adobe-dng",
    ".nef": "image/x-nikon-nef",
    ".nrw": "image/x-nikon-nrw",
    ".orf": "image/x-olympus-orf",
    ".pef": "image/x-pentax-pef",
    ".raf": "image/x-fuji-raf",
    ".rw2": "image/x-panasonic-rw2",
    ".srw": "image/x-samsung-srw",
}
"""What cameras call their raw files."""
SOME_RAW = "image/x-dcraw"

SUFFIXES = {
    *(".apng", ".avif", ".bmp", ".cur", ".dds", ".dib", ".gif", ".heic", ".heif", ".hif", ".icns"),
    *(".ico", ".j2k", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".jpx", ".mpo", ".pbm", ".pcx"),
    *(".pfm", ".pgm", ".png", ".pnm", ".ppm", ".psd", ".qoi", ".sgi", ".tga", ".tif", ".tiff"),
    *(".webp", *RAW),
}
"""How pictures are named."""

MARKS = tuple(
    (re.compile(mark, re.DOTALL), mime)
    for mark, mime in (
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"II\*\x00.{4}CR", RAW[".cr2"]),
        (rb"....ftypcrx ", RAW[".cr3"]),
        (rb"FUJIFILMCCD-RAW", RAW[".raf"]),
        (rb"IIR[OS]|MMOR", RAW[".orf"]),
        (rb"IIU\x00", RAW[".rw2"]),
        (rb"II[*+]\x00|MM\x00[*+]", "image/tiff"),
        # "BM" begins many a sentence too; the size of what follows is one of few.
        (rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", "image/bmp"),
        (rb"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
        (rb"\x00\x00\x00\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", "image/jp2"),
        (rb"\x00\x00\x01\x00[^\x00]\x00", "image/vnd.microsoft.icon"),
        (rb"\x00\x00\x02\x00[^\x00]\x00", "image/x-win-bitmap"),
        (rb"icns", "image/icns"),
        (rb"DDS \x7c\x00\x00\x00", "image/vnd-ms.dds"),
        (rb"qoif", "image/qoi"),
        (rb"\x01\xda[\x00\x01][\x01\x02]", "image/sgi"),
        (rb"\n[\x00\x02-\x05][\x00\x01][\x01\x02\x04\x08]", "image/vnd.zbrush.pcx"),
        (rb"P[1-6]\s+(#[^\n]*\n\s*)*\d+\s|P[fF]\s+\d+\s", "image/x-portable-anymap"),
    )
)
TGA = re.compile(rb".[\x00\x01][\x01-\x03\x09-\x0b].{13}[\x08\x0f\x10\x18\x20]", re.DOTALL)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
HEIF_BRANDS = {b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}

SUBFILE, PHOTOMETRIC, MAKE, DNG_VERSION = 254, 262, 271, 50706
REDUCED, SHORT = 1, 3
SENSOR = {32803, 34892}
"""Photometric interpretations that only raw files have."""


def picture_type(head: bytes, suffix: str = "") -> str | None:
    """Give the type of a picture by its first bytes; None for what is no picture that is read."""
    if head[4:8] == b"ftyp" and (mime := _in_boxes(head)):
        return mime
    mime = next((mime for mark, mime in MARKS if mark.match(head)), None)
    if mime == "image/tiff":
        return RAW.get(suffix) or _tiff_or_raw(head, suffix)
    if mime is None and suffix == ".tga" and TGA.match(head):
        return "image/x-tga"
    return mime


def is_raw(mime: str) -> bool:
    """Tell whether a type is a camera's raw file."""
    return mime == SOME_RAW or mime in RAW.values()


def _in_boxes(head: bytes) -> str | None:
    """Tell pictures from films, which share a container, by the brands that it names."""
    end = min(int.from_bytes(head[:4]), 512)
    brands = {head[at : at + 4] for at in (8, *range(16, end, 4))}
    if brands & AVIF_BRANDS:
        return "image/avif"
    if brands & HEIC_BRANDS:
        return "image/heic"
    return "image/heif" if brands & HEIF_BRANDS else None


def _tiff_or_raw(head: bytes, suffix: str) -> str:
    """Tell a raw file, whose first directory mostly holds a small preview, by what it says."""
    tags = _first_directory(head)
    if DNG_VERSION in tags:
        return RAW[".dng"]
    if suffix in {".tif", ".tiff"}:
        return "image/tiff"
    small = tags.get(SUBFILE, 0) & REDUCED and MAKE in tags
    return SOME_RAW if small or tags.get(PHOTOMETRIC) in SENSOR else "image/tiff"


def _first_directory(head: bytes) -> dict[int, int]:
    """Read the tags of a TIFF's first directory, so far as it lies in the head.

    Values that are no single number mean nothing here.
    """
    order = "<" if head[:2] == b"II" else ">"
    if len(head) < 8 or 43 in head[2:4]:
        return {}
    (start,) = struct.unpack_from(f"{order}I", head, 4)
    if start + 2 > len(head):
        return {}
    (count,) = struct.unpack_from(f"{order}H", head, start)
    tags = {}
    for at in range(start + 2, min(start + 2 + 12 * count, len(head) - 11), 12):
        tag, kind, _ = struct.unpack_from(f"{order}HHI", head, at)
        (tags[tag],) = struct.unpack_from(f"{order}{'H' if kind == SHORT else 'I'}", head, at + 8)
    return tags
