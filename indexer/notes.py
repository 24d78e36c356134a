"""Captions in JSON, as Google's Takeout, downloaders and makers of data sets write them.

Nobody agreed on a form. Words and lists of words are taken that stand under a name which says that
they are about the picture, at the top or one step below; everything else is passed over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from os.path import splitext
from typing import Any

from indexer.caption import NO_CAPTION, Caption, date_in_years, lines_of, listed, place_on_earth
from indexer.characters import decode_characters
from retrieval.sidecars import MEDIA

PROSE = ("title", "headline", "caption", "description", "alt", "text")
LISTS = ("keywords", "tags", "subject", "people", "names")
"""What is said, in the order in which it is told."""
TAKEN, PLACE = "phototakentime", "geodata"
"""Takeout's own."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_notes(data: bytes) -> Caption:
    """Read a caption; raise ValueError for what is no JSON, RecursionError for too deep a one."""
    notes = json.loads(decode_characters(data))
    if not isinstance(notes, dict):
        return NO_CAPTION
    top = _by_name(notes)
    levels = [top, *(_by_name(value) for value in top.values() if isinstance(value, dict))]
    texts = [text for name in PROSE for level in levels for text in _texts(level.get(name))]
    lists = (listed(w for level in levels for w in _texts(level.get(name))) for name in LISTS)
    latitude, longitude = _place(top.get(PLACE)) or (None, None)
    titles = set(_texts(top.get("title"))) if TAKEN in top else set()
    said = (text for text in texts if text not in titles and not _is_name(text))
    return Caption(lines_of([*said, *lists]), _date(top.get(TAKEN)), latitude, longitude)


def _by_name(notes: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in notes.items()}


def _texts(value: object) -> Iterator[str]:
    """Give a text, or the texts of a list, in which a person may be an entry with a name."""
    for one in value if isinstance(value, list) else [value]:
        told = one.get("name") if isinstance(one, dict) and isinstance(value, list) else one
        if isinstance(told, str):
            yield told


def _is_name(text: str) -> bool:
    """Tell a file's name, which Takeout and others call its title."""
    return "\n" not in text and splitext(text.strip())[1].lower() in MEDIA


def _date(taken: object) -> datetime | None:
    """Read seconds since 1970 as the clock of this machine shows them."""
    written = taken.get("timestamp") if isinstance(taken, dict) else None
    try:
        moment = EPOCH + timedelta(seconds=int(written or ""))
        return date_in_years(moment) and date_in_years(moment.astimezone())
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _place(place: object) -> tuple[float, float] | None:
    if not isinstance(place, dict):
        return None
    values = [place.get("latitude"), place.get("longitude")]
    degrees = [float(v) for v in values if isinstance(v, (int, float)) and abs(v) <= 180]
    if len(degrees) < 2 or not all(map(math.isfinite, degrees)):
        return None
    return place_on_earth(*degrees)
