"""What sidecars say of a file, whatever they are written in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
DIGITS = 16
"""Of a caption's digest, as hexadecimal."""
YEARS = range(1800, 2200)
"""When pictures are taken; programs that do not know write the year 1 or 9999."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Words about a file, and what else is told of it."""

    lines: tuple[str, ...] = ()
    """Title, description, keywords, names and place: each once, none of them empty."""
    taken_at: datetime | None = None
    """With no time zone."""
    latitude: float | None = None
    longitude: float | None = None
    """Degrees north and east; either both or none."""

    @property
    def text(self) -> str:
        """All the words, a line for each thing that is said."""
        return "\n".join(self.lines)

    def marked_on(self, digest: str) -> str:
        """Give the identity of the bytes of this SHA-256 with this caption."""
        if self == NO_CAPTION:
            return digest
        told = [getattr(self, field.name) for field in fields(self)]
        written = json.dumps(told, default=str).encode()
        return f"{digest}-{sha256(written).hexdigest()[:DIGITS]}"


NO_CAPTION = Caption()


def merge(captions: Iterable[Caption]) -> Caption:
    """Put together what several sidecars say; of dates and of places the first one counts."""
    told = list(captions)
    lines = dict.fromkeys(line for caption in told for line in caption.lines)
    dates = (caption.taken_at for caption in told if caption.taken_at)
    places = (c for c in told if c.latitude is not None)
    place = next(places, NO_CAPTION)
    return Caption(tuple(lines), next(dates, None), place.latitude, place.longitude)


def lines_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Clean texts, and give their lines, each once."""
    split = (line for text in texts for line in _unicode(text).splitlines())
    cleaned = (" ".join(CONTROLS.sub(" ", line).split()) for line in split)
    return tuple(dict.fromkeys(line for line in cleaned if line))


def listed(words: Iterable[str]) -> str:
    """Write keywords or names as one line."""
    return ", ".join(lines_of(words))


def date_in_years(moment: datetime) -> datetime | None:
    """Give a moment as the clock on the wall showed it; None for one that no picture has."""
    return moment.replace(tzinfo=None, microsecond=0) if moment.year in YEARS else None


def place_on_earth(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Give a place in degrees; None where it is on no map, or at 0° 0′, which means unknown."""
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)
    return (round(latitude, 6), round(longitude, 6)) if known else None


def _unicode(text: str) -> str:
    """Make pairs of surrogates characters, as JSON may hold them, and lone ones a mark."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
