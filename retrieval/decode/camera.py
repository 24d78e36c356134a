"""What a camera wrote into a picture: when, with what and where it was taken.

Metadata is as often broken as not. What cannot be understood, or makes no sense, is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

NOTES = 262_144
"""The bytes of XMP that are looked through."""
DATES_IN_XMP = (b"exif:DateTimeOriginal", b"photoshop:DateCreated", b"xmp:CreateDate")
COMPANY = re.compile(
    r"[\s,]+(corporation|corp\.?|company|co\.?,? ?ltd\.?|inc\.?|gmbh|ag|optical|imaging|camera)+$",
    re.IGNORECASE,
)
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture was taken."""

    taken_at: datetime | None = None
    """What the camera's clock showed, with no time zone."""
    camera: str = ""
    """Its make and model."""
    latitude: float | None = None
    longitude: float | None = None
    """Degrees north and east; either both or none."""


def read_shot(image: Image.Image, exif: Image.Exif) -> Shot:
    """Read how a picture was taken from its EXIF or, where that has no date, its XMP."""
    latitude, longitude = _place(_directory(exif, IFD.GPSInfo)) or (None, None)
    return Shot(_taken_at(image, exif), _camera(exif), latitude, longitude)


def read_exif(image: Image.Image) -> Image.Exif:
    """Read the EXIF of a picture; none where it is broken."""
    # Broken EXIF says nothing about the pixels, which are shown as they lie.
    try:
        return image.getexif()
    except Exception:
        return Image.Exif()


def _directory(exif: Image.Exif, ifd: IFD) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(ifd)
    except Exception:
        return {}


def _taken_at(image: Image.Image, exif: Image.Exif) -> datetime | None:
    written = _directory(exif, IFD.Exif)
    return (
        _date(written.get(Base.DateTimeOriginal))
        or _date(written.get(Base.DateTimeDigitized))
        or _date_in_xmp(image.info.get("xmp"))
        or _date(exif.get(Base.DateTime))
    )


def _date(value: object) -> datetime | None:
    try:
        return datetime.strptime(_text(value)[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _date_in_xmp(notes: object) -> datetime | None:
    """Find a date without parsing: a parser of XML is more to attack than a date is worth."""
    if not isinstance(notes, bytes):
        return None
    for name in DATES_IN_XMP:
        pattern = name + rb'(?:\s*=\s*["\']|>)(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)'
        if found := re.search(pattern, notes[:NOTES]):
            try:
                return datetime.fromisoformat(found[1].decode())
            except ValueError:
                continue
    return None


def _camera(exif: Image.Exif) -> str:
    """Join make and model, which mostly begins with the make."""
    # Cut before they are searched: the time that takes grows faster than they do.
    make, model = (_text(exif.get(tag))[:LONGEST_NAME] for tag in (Base.Make, Base.Model))
    while (shorter := COMPANY.sub("", make)) != make:
        make = shorter
    doubled = make and model.casefold().startswith(make.split()[0].casefold())
    return (model if doubled else f"{make} {model}".strip())[:LONGEST_NAME]


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "EW", 180)
    # Receivers without a fix write 0° 0′.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    return latitude, longitude


def _degrees(value: Any, hemisphere: object, sides: str, most: int) -> float | None:
    """Make degrees of degrees, minutes and seconds; 6 decimals are 11 cm."""
    side = _text(hemisphere).upper()[:1]
    try:
        parts = [float(part) for part in (value if isinstance(value, tuple) else (value,))]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    degrees = math.fsum(part / 60.0**i for i, part in enumerate(parts[:3]))
    if not side or side not in sides or not math.isfinite(degrees) or not 0 <= degrees <= most:
        return None
    return round(-degrees if side == sides[1] else degrees, 6)


def _text(value: object) -> str:
    """Give the printable words of a field, which may be bytes or end in zeros."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return ""
    clean = "".join(c if c.isprintable() else " " for c in text.partition("\0")[0])
    return " ".join(clean.split())
