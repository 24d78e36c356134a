"""Which characters a text file's bytes stand for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection

LEADS: dict[str, Collection[int]] = {
    "cp949": range(0xB0, 0xC9),
    "gb18030": range(0xB0, 0xD8),
    "euc_jp": {0xA4, 0xA5, *range(0xB0, 0xD0)},
    "big5": range(0xA4, 0xC7),
    "cp932": {0x82, 0x83, *range(0x88, 0x98)},
}
"""The first bytes of each encoding's everyday characters, which its standard puts together."""
MOSTLY = 0.85
"""So much of a text in East Asia is everyday characters; of a wrong guess, far less is."""
ALPHABETS = ["cp1251", "koi8_r", "cp1252"]
SAMPLE = 1 << 16
BETWEEN = re.compile(rb"[\t-/]")
"""A byte that no character of several bytes has, so that a sample may end after it."""
WORDS = re.compile(r"[^\W\x00-\x7f\uff00-\uffef]")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b")


def decode_characters(data: bytes) -> str:
    """Decode text, as UTF-8 where it is that, with every line end made a line feed.

    Raises ValueError for bytes that are no text.
    """
    text = data.decode(_encoding_of(data), errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like_text(head: bytes) -> bool:
    """Tell whether the first bytes of a file are UTF-8, or UTF-16 with its mark, or ASCII."""
    if _marked(head):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not CONTROLS & frozenset(head)


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in MARKS.items() if data.startswith(mark)), None)


def _encoding_of(data: bytes) -> str:
    if marked := _marked(data):
        return marked
    if CONTROLS & frozenset(data):
        raise ValueError("holds bytes that are no text")
    try:
        data.decode()
    except UnicodeDecodeError:
        end = BETWEEN.search(data, SAMPLE)
        return _guess(data[: end.end()] if end else data)
    return "utf-8"


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    everyday = {name: _everyday_share(sample, name) for name in LEADS}
    likeliest = max(everyday, key=everyday.__getitem__)
    if everyday[likeliest] >= MOSTLY:
        return likeliest
    best = from_bytes(sample, cp_isolation=ALPHABETS).best()
    return best.encoding if best else "cp1252"


def _everyday_share(sample: bytes, encoding: str) -> float:
    """Measure how much of a text, read so, is everyday characters; 0 where it cannot be."""
    try:
        words = "".join(WORDS.findall(sample.decode(encoding)))
        everyday = sum(char.encode(encoding)[0] in LEADS[encoding] for char in words)
    except UnicodeError:
        return 0.0
    return everyday / len(words) if words else 0.0
