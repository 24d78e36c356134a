"""Captions in XMP, as Lightroom, darktable, digiKam and Immich write them beside a file.

The file is read as a stream of tags, without entities, a DTD or the network; what is no property of
those below is passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from indexer.archives import CLOSED
from indexer.caption import Caption, date_in_years, lines_of, listed, place_on_earth

DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
EXIF = "{http://ns.adobe.com/exif/1.0/}"
IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
IPTC_MORE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
TITLES = (f"{DC}title", f"{PHOTOSHOP}Headline")
DESCRIPTIONS = (f"{DC}description", f"{IPTC}AltTextAccessibility", f"{IPTC}ExtDescrAccessibility")
KEYWORDS = (f"{DC}subject",)
PATHS = (
    "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject",
    "{http://www.digikam.org/ns/1.0/}TagsList",
)
"""Keywords with what they are below, parted by | or /."""
NAMES = (
    "{http://www.metadataworkinggroup.com/schemas/regions/}Name",
    "{http://ns.microsoft.com/photo/1.2/t/Region#}PersonDisplayName",
    f"{IPTC_MORE}PersonInImage",
)
PLACES = (
    f"{IPTC}Location",
    f"{PHOTOSHOP}City",
    f"{PHOTOSHOP}State",
    f"{PHOTOSHOP}Country",
    f"{IPTC_MORE}Sublocation",
    f"{IPTC_MORE}City",
    f"{IPTC_MORE}ProvinceState",
    f"{IPTC_MORE}CountryName",
)
DATES = (
    f"{EXIF}DateTimeOriginal",
    f"{PHOTOSHOP}DateCreated",
    "{http://ns.adobe.com/xap/1.0/}CreateDate",
)
LATITUDE, LONGITUDE = f"{EXIF}GPSLatitude", f"{EXIF}GPSLongitude"
READ = {*TITLES, *DESCRIPTIONS, *KEYWORDS, *PATHS, *NAMES, *PLACES, *DATES, LATITUDE, LONGITUDE}
STEPS = re.compile(r"[|/]")
DEGREES = re.compile(r"(\d{1,3})(?:,(\d{1,2}(?:\.\d{1,9})?))?(?:,(\d{1,2}(?:\.\d{1,9})?))?([NSEW])")
DEEPEST = 200
"""Tags within tags; programs nest some ten."""


def read_xmp(data: bytes) -> Caption:
    """Read a caption; raise ValueError for what is no XML."""
    from lxml import etree

    properties = _Properties()
    parser = etree.XMLParser(target=properties, **CLOSED)
    try:
        parser.feed(data)
        parser.close()
    except etree.XMLSyntaxError:
        # Its own words quote the file, which may be forgotten one day.
        raise ValueError("is no XML that can be read") from None
    told = properties.told
    steps = (step for path in _of(told, PATHS) for step in STEPS.split(path))
    lists = ([*_of(told, KEYWORDS), *steps], _of(told, NAMES), _of(told, PLACES))
    texts = [*_of(told, TITLES), *_of(told, DESCRIPTIONS), *map(listed, lists)]
    dates = (date for date in map(_date, _of(told, DATES)) if date)
    latitude, longitude = _place(told) or (None, None)
    return Caption(lines_of(texts), next(dates, None), latitude, longitude)


class _Properties:
    """Receives tags and text, and keeps what the properties hold that are read."""

    def __init__(self) -> None:
        self.told: defaultdict[str, list[str]] = defaultdict(list)
        self._within: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._note()
        if len(self._within) >= DEEPEST:
            raise ValueError("is nested too deep")
        self._within.append(tag if tag in READ else self._within[-1] if self._within else "")
        for name, value in attributes.items():
            if name in READ:
                self.told[name].append(value)

    def end(self, _tag: str) -> None:
        self._note()
        self._within.pop()

    def data(self, data: str) -> None:
        if self._within and self._within[-1]:
            self._text.append(data)

    def close(self) -> None:
        """Part of the parser's protocol."""

    def _note(self) -> None:
        """Keep a property's text: it has one, or a list of them."""
        if text := "".join(self._text).strip():
            self.told[self._within[-1]].append(text)
        self._text.clear()


def _of(told: dict[str, list[str]], properties: tuple[str, ...]) -> Iterator[str]:
    for name in properties:
        yield from told.get(name, ())


def _date(written: str) -> datetime | None:
    try:
        return date_in_years(datetime.fromisoformat(written.strip()[:19]))
    except ValueError:
        return None


def _place(told: dict[str, list[str]]) -> tuple[float, float] | None:
    latitude, longitude = (
        next(filter(None, map(DEGREES.fullmatch, told.get(name, ()))), None)
        for name in (LATITUDE, LONGITUDE)
    )
    if latitude is None or longitude is None:
        return None
    if latitude[4] not in "NS" or longitude[4] not in "EW":
        return None
    return place_on_earth(_degrees(latitude), _degrees(longitude))


def _degrees(written: re.Match[str]) -> float:
    degrees, minutes, seconds = (float(part or 0) for part in written.group(1, 2, 3))
    size = degrees + minutes / 60 + seconds / 3600
    return -size if written[4] in "SW" else size
