"""Raw files as small as can be: a grey sensor behind a preview, in Adobe's DNG form of TIFF."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image

SHORT, LONG, ASCII, BYTE, SRATIONAL = 3, 4, 2, 1, 10
CODES = {SHORT: "H", LONG: "I", BYTE: "B", ASCII: "B", SRATIONAL: "i"}
WIDTH, HEIGHT = 640, 480

Entry = tuple[int, int, tuple[int, ...]]


def dng(preview: Image.Image | None, orientation: int = 1, make: str = "Leica") -> bytes:
    """Make a raw file of 640×480 pixels, with or without a preview."""
    sensor = struct.pack("<H", 0x4000) * WIDTH * HEIGHT
    stream = BytesIO()
    if preview is not None:
        preview.save(stream, "JPEG", quality=95)
    shown = stream.getvalue()
    small = preview.size if preview is not None else (WIDTH, HEIGHT)
    about: list[Entry] = [
        (271, ASCII, tuple(make.encode() + b"\0")),
        (272, ASCII, tuple(b"M10\0")),
        (274, SHORT, (orientation,)),
        (306, ASCII, tuple(b"2021:05:03 10:20:30\0")),
        (50706, BYTE, (1, 4, 0, 0)),
        (50708, ASCII, tuple(b"M10\0")),
        (50721, SRATIONAL, (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)),
    ]
    first = 8
    if preview is None:
        at = first + _length([*about, *_sensor(0)])
        return _header() + _directory([*about, *_sensor(at)], first) + sensor
    second = first + _length([*about, *_jpeg(small, 0, 0), (330, LONG, (0,))])
    pixels = second + _length(_sensor(0))
    entries = [
        *about,
        *_jpeg(small, pixels + len(sensor), len(shown)),
        (330, LONG, (second,)),
    ]
    body = _directory(entries, first) + _directory(_sensor(pixels), second)
    return _header() + body + sensor + shown


def _jpeg(size: tuple[int, int], at: int, length: int) -> list[Entry]:
    return [
        (254, LONG, (1,)),
        (256, LONG, (size[0],)),
        (257, LONG, (size[1],)),
        (258, SHORT, (8, 8, 8)),
        (259, SHORT, (7,)),
        (262, SHORT, (6,)),
        (273, LONG, (at,)),
        (277, SHORT, (3,)),
        (278, LONG, (size[1],)),
        (279, LONG, (length,)),
    ]


def _sensor(at: int) -> list[Entry]:
    return [
        (254, LONG, (0,)),
        (256, LONG, (WIDTH,)),
        (257, LONG, (HEIGHT,)),
        (258, SHORT, (16,)),
        (259, SHORT, (1,)),
        (262, SHORT, (32803,)),
        (273, LONG, (at,)),
        (277, SHORT, (1,)),
        (278, LONG, (HEIGHT,)),
        (279, LONG, (WIDTH * HEIGHT * 2,)),
        (33421, SHORT, (2, 2)),
        (33422, BYTE, (0, 1, 1, 2)),
    ]


def _header() -> bytes:
    return struct.pack("<2sHI", b"II", 42, 8)


def _length(entries: list[Entry]) -> int:
    return len(_directory(entries, 0))


def _directory(entries: list[Entry], at: int) -> bytes:
    """Lay out a directory that begins at an offset, with what does not fit into it behind."""
    behind = at + 2 + 12 * len(entries) + 4
    table, values = struct.pack("<H", len(entries)), b""
    for tag, kind, numbers in sorted(entries):
        packed = struct.pack(f"<{len(numbers)}{CODES[kind]}", *numbers)
        count = len(numbers) // 2 if kind == SRATIONAL else len(numbers)
        if len(packed) <= 4:
            field = packed.ljust(4, b"\0")
        else:
            field = struct.pack("<I", behind + len(values))
            values += packed + b"\0" * (len(packed) % 2)
        table += struct.pack("<HHI", tag, kind, count) + field
    return table + struct.pack("<I", 0) + values
