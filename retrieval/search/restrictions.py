"""What the operators of a search line say: a value such as ``2024-05``, read as filters.

A value that makes no sense gives None, never an error. Dates are local and mean their whole span;
sizes are decimal, as the page shows them (1 kB is 1000 bytes); every bound is inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from retrieval.media import Filters, Kind

Reader = Callable[[str], Filters | None]
Bound = TypeVar("Bound", int, float, datetime)

LONGEST_FOLDER = 4096
"""Characters, as operating systems have it."""

MOST_BYTES = 2**63
"""SQLite's integers end before it."""

KIND_NAMES = {
    Kind.IMAGE: "image images picture pictures photo photos photograph photographs 图片 照片 图像",
    Kind.TEXT: "text texts document documents doc docs 文档 文本 文字",
    Kind.AUDIO: "audio sound sounds speech recording recordings voice 录音 音频 声音 语音",
    Kind.VIDEO: "video videos film films movie movies clip clips 视频 影片",
}
KINDS = {name: kind for kind, names in KIND_NAMES.items() for name in names.split()}

SECOND_NAMES = {
    1: "s sec secs second seconds 秒",
    60: "m min mins minute minutes 分 分钟",
    3600: "h hr hrs hour hours 时 小时",
}
SECONDS = {name: seconds for seconds, names in SECOND_NAMES.items() for name in names.split()}

STARRED = ["favourite", "favourites", "favorite", "favorites", "starred", "收藏"]

NUMBER = r"\d{1,9}(?:\.\d{1,3})?"
DATE = re.compile(r"([12]\d{3})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
SIZE = re.compile(rf"({NUMBER})([kmgt]?)(i?)b?")
CLOCK = re.compile(r"(?:(\d{1,3})[:：])?(\d{1,3})[:：](\d{2})")
STRETCH = re.compile(rf"(?:{NUMBER}(?:[a-z]+|小时|分钟|[时分秒]))+")
PIECE = re.compile(rf"({NUMBER})([a-z]+|小时|分钟|[时分秒])")
COMPARED = re.compile(r"([<>＜＞≤≥])[=＝]?(.+)", re.DOTALL)


def read_kinds(value: str) -> frozenset[Kind]:
    """Read kinds between commas; one that is unknown makes the whole list empty."""
    names = [name for name in re.split("[,，、]", value.casefold()) if name]
    known = all(name in KINDS for name in names)
    return frozenset(KINDS[name] for name in names) if known else frozenset()


def add_up(first: Filters, second: Filters) -> Filters:
    """Join what is said in one breath: kinds add up, bounds narrow, the later folder counts."""
    kinds = first.kinds | second.kinds
    return _bounded(kinds, second.folder or first.folder, first, second)


def within(outer: Filters, inner: Filters) -> Filters:
    """Apply both; the outer kinds and folder rule where the two have nothing in common.

    The moments of both have no zone: they are local.
    """
    kinds = outer.kinds & inner.kinds or outer.kinds or inner.kinds
    return _bounded(kinds, outer.folder or inner.folder, outer, inner)


def _bounded(kinds: frozenset[Kind], folder: str, first: Filters, second: Filters) -> Filters:
    return Filters(
        kinds,
        folder,
        after=_higher(first.after, second.after),
        before=_lower(first.before, second.before),
        min_size=_higher(first.min_size, second.min_size),
        max_size=_lower(first.max_size, second.max_size),
        min_duration=_higher(first.min_duration, second.min_duration),
        max_duration=_lower(first.max_duration, second.max_duration),
        favourite=first.favourite or second.favourite,
    )


def _higher(first: Bound | None, second: Bound | None) -> Bound | None:
    return max((bound for bound in (first, second) if bound is not None), default=None)


def _lower(first: Bound | None, second: Bound | None) -> Bound | None:
    return min((bound for bound in (first, second) if bound is not None), default=None)


# One reader for each operator.


def _kind(value: str) -> Filters | None:
    kinds = read_kinds(value)
    return Filters(kinds) if kinds else None


def _folder(value: str) -> Filters | None:
    return Filters(folder=value) if 0 < len(value) <= LONGEST_FOLDER else None


def _after(value: str) -> Filters | None:
    span = _span(value)
    return Filters(after=span[0]) if span else None


def _before(value: str) -> Filters | None:
    span = _span(value)
    return Filters(before=span[0] - timedelta(seconds=1)) if span else None


def _on(value: str) -> Filters | None:
    span = _span(value)
    return Filters(after=span[0], before=span[1] - timedelta(seconds=1)) if span else None


def _larger(value: str) -> Filters | None:
    size = _bytes(value)
    return Filters(min_size=size) if size is not None else None


def _smaller(value: str) -> Filters | None:
    size = _bytes(value)
    return Filters(max_size=size) if size is not None else None


def _longer(value: str) -> Filters | None:
    seconds = _seconds(value)
    return Filters(min_duration=seconds) if seconds is not None else None


def _shorter(value: str) -> Filters | None:
    seconds = _seconds(value)
    return Filters(max_duration=seconds) if seconds is not None else None


def _marked(value: str) -> Filters | None:
    return Filters(favourite=True) if value.casefold() in STARRED else None


def _compared(more: Reader, less: Reader) -> Reader:
    """Read ``>2mb`` as the one and ``<2mb`` as the other."""

    def read(value: str) -> Filters | None:
        match = COMPARED.fullmatch(value)
        return match and (more if match[1] in ">＞≥" else less)(match[2])

    return read


READERS: dict[str, Reader] = {
    "kind 类型": _kind,
    "in 文件夹": _folder,
    "after 晚于": _after,
    "before 早于": _before,
    "on 日期": _on,
    "larger 大于": _larger,
    "smaller 小于": _smaller,
    "longer 长于": _longer,
    "shorter 短于": _shorter,
    "is 是": _marked,
    "size 大小": _compared(_larger, _smaller),
    "duration 时长": _compared(_longer, _shorter),
}
OPERATORS = {name: reader for names, reader in READERS.items() for name in names.split()}


# Values.


def _span(value: str) -> tuple[datetime, datetime] | None:
    """Read a year, month or day as its first moment and the first one after it."""
    match = DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        start = datetime(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if day is not None:
        return start, start + timedelta(days=1)
    if month is not None:
        return start, datetime(year + month // 12, month % 12 + 1, 1)
    return start, datetime(year + 1, 1, 1)


def _bytes(value: str) -> int | None:
    match = SIZE.fullmatch(value.casefold())
    if match is None:
        return None
    base = 1024 if match[3] else 1000
    size = round(float(match[1]) * base ** " kmgt".index(match[2] or " "))
    return size if size < MOST_BYTES else None


def _seconds(value: str) -> float | None:
    """Read ``90``, ``90s``, ``1h30m`` or ``1:30``."""
    if clock := CLOCK.fullmatch(value):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    if re.fullmatch(NUMBER, value):
        return float(value)
    value = value.casefold()
    pieces = PIECE.findall(value) if STRETCH.fullmatch(value) else []
    if not pieces or any(unit not in SECONDS for _, unit in pieces):
        return None
    return sum(float(number) * SECONDS[unit] for number, unit in pieces)
