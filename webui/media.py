"""The bytes of catalogued items: thumbnails, previews, and the files themselves with ranges.

A file is reached by its item's number, never by a path. Only types that cannot run anything in a
browser are shown in place: text of every sort is served as plain text, the rest as a download.
Pictures that browsers cannot show have a preview, and moments, frames and pages pictures of their
own: both are made when they are asked for, and kept by browsers only.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import ServiceUnavailable

from retrieval.decode.pictures import SHORT_SIDE
from retrieval.decode.scaling import LONG_SIDE
from retrieval.errors import InvalidQuery, NotFound, UnreadableMedia
from retrieval.media import PDF, Filters, Item, Kind, Passage
from webui.current import current_decoder, current_library

API = "/api/v1/items"
blueprint = Blueprint("media", __name__, url_prefix=f"{API}/<item_id:item_id>")

SHOWN_IN_PLACE = frozenset(
    {
        "image/avif",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/vnd.microsoft.icon",
        "image/webp",
        PDF,
    }
)
PLAYED_IN_PLACE = ("audio/", "video/")
PLAIN = "text/plain"
DOWNLOAD = "application/octet-stream"

SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox"
WITHOUT_SANDBOX = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
"""For PDF: Chromium's viewer does not start in a sandboxed page, and has a sandbox of its own."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How large a picture is made at most."""

    decoded: int
    """Pixels of its shorter side as it is decoded."""
    long_side: int
    """Pixels of its longer side as it is sent."""


PREVIEW, THUMBNAIL = Measure(1080, LONG_SIDE), Measure(SHORT_SIDE, 480)
QUALITY = 85
"""Of a JPEG."""

NUMBER = re.compile(r"\d{1,18}", re.ASCII)
HEAD = 65536
YEAR = 365 * 24 * 3600
MINUTES = 5 * 60


@blueprint.get("/thumbnail")
def thumbnail(item_id: int) -> Response:
    """Send an item's small picture, or that of a passage of it.

    Where a passage cannot be decoded now, as its disk is not there, the item's picture is sent.
    """
    library = current_library()
    item = library.item(item_id)
    passage = _passage_of(item)
    if passage is not None and item.content.looks_different_at(passage):
        with suppress(NotFound, UnreadableMedia, ServiceUnavailable):
            return _made(item, passage, THUMBNAIL)
    file = library.thumbnails.find(item.content.hash)
    if file is None:
        raise NotFound(f"Item {item_id} has no thumbnail.")
    sent = send_file(file, etag=item.content.hash, conditional=True)
    return _kept(sent, MINUTES if passage else _lasting(item))


@blueprint.get("/preview")
def preview(item_id: int) -> Response:
    """Send a picture, or a passage's picture or page, as a browser can show it."""
    item = current_library().item(item_id)
    passage = _passage_of(item) or Passage(Kind.IMAGE)
    drawn = item.content.kind is Kind.IMAGE or item.content.mime == PDF
    if not drawn and not item.content.looks_different_at(passage):
        raise NotFound(f"Item {item_id} is no picture.")
    return _made(item, passage, PREVIEW)


@blueprint.get("/media")
def media(item_id: int) -> Response:
    """Send an item's file, or the byte ranges of it that were asked for."""
    item = current_library().item(item_id)
    file = present(item)
    mime = _served_as(item)
    download = mime == DOWNLOAD
    response = send_file(file, mime, as_attachment=download, download_name=file.name)
    pdf = mime == PDF
    response.headers["Content-Security-Policy"] = WITHOUT_SANDBOX if pdf else SANDBOX
    if mime == PLAIN:
        response.content_type = _labelled(file)
    response.cache_control.private = True
    return response


def shown_at(item: Item) -> str | None:
    """Say at which address browsers can show a picture, or the first page of a PDF, as a whole.

    None for what is neither.
    """
    pictured = item.content.kind is Kind.IMAGE
    if not pictured and item.content.mime != PDF:
        return None
    address = f"{API}/{item.id}"
    if pictured and _served_as(item) != DOWNLOAD:
        return f"{address}/media"
    return f"{address}/preview?v={item.content.hash[:12]}"


def present(item: Item) -> Path:
    """Give an item's file, or raise NotFound if it is gone."""
    if not item.file.is_file():
        raise NotFound(f"The file of item {item.id} is no longer there; index its folder again.")
    return item.file


def _passage_of(item: Item) -> Passage | None:
    """Find the passage that the request asks for, if it does."""
    asked = request.args.get("passage")
    if asked is None:
        return None
    if not NUMBER.fullmatch(asked):
        raise InvalidQuery(f"passage: {asked[:20]!r} is not the number of a passage")
    for holder, _, passage in current_library().catalog.found([int(asked)], Filters()):
        if holder.content.hash == item.content.hash:
            return passage
    raise NotFound(f"Item {item.id} has no passage {asked}.")


def _made(item: Item, passage: Passage, measure: Measure) -> Response:
    """Make a JPEG of what is to be seen at a passage, unless the browser has it."""
    file = present(item)
    stat = file.stat()
    response = Response(mimetype="image/jpeg")
    # Of the file as it is: it may have changed since it was indexed.
    place = (stat.st_size, stat.st_mtime_ns, passage.page or 0, passage.start or 0)
    response.set_etag("-".join(map(str, (*place, measure.long_side))))
    if not request.if_none_match.contains(response.get_etag()[0] or ""):
        response.data = _drawn(file, passage, measure)
    response.make_conditional(request)
    changed = (stat.st_size, datetime.fromtimestamp(stat.st_mtime_ns / 1e9).astimezone()) != (
        item.content.size,
        item.modified_at,
    )
    return _kept(response, MINUTES if changed else _lasting(item))


def _drawn(file: Path, passage: Passage, measure: Measure) -> bytes:
    image = current_decoder().look_at(file, passage.page, passage.start, measure.decoded)
    image.thumbnail((measure.long_side, measure.long_side))
    stream = BytesIO()
    image.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _lasting(item: Item) -> int:
    """Say for how many seconds a browser may keep what was made: long if it named the content."""
    asked = request.args.get("v", "")
    return YEAR if asked and item.content.hash.startswith(asked) else MINUTES


def _kept(response: Response, seconds: int) -> Response:
    response.cache_control.private = True
    response.cache_control.max_age = seconds
    response.cache_control.no_cache = None
    return response


def _labelled(file: Path) -> str:
    """Name UTF-8 where it is; a browser guesses an older encoding better than it is told."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return PLAIN
    return f"{PLAIN}; charset=utf-8"


def _served_as(item: Item) -> str:
    mime = item.content.mime.partition(";")[0].strip().lower()
    if mime in SHOWN_IN_PLACE or mime.startswith(PLAYED_IN_PLACE):
        return mime
    if mime.startswith("text/"):
        return PLAIN
    return DOWNLOAD
