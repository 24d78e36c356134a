"""The bytes of catalogued items: thumbnails, previews, and the files themselves with ranges.

A file is reached by its item's number, never by a path. Only types that cannot run anything in a
browser are shown in place: text of every sort is served as plain text, the rest as a download.
Pictures that browsers cannot show have a preview, made when it is asked for.
"""

from __future__ import annotations

import codecs
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, request, send_file

from retrieval.errors import NotFound
from retrieval.media import Item, Kind
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
        "application/pdf",
    }
)
PLAYED_IN_PLACE = ("audio/", "video/")
PLAIN = "text/plain"
DOWNLOAD = "application/octet-stream"

SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox"
WITHOUT_SANDBOX = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
"""For PDF: Chromium's viewer does not start in a sandboxed page, and has a sandbox of its own."""

PREVIEW_SIDE, PREVIEW_QUALITY = 1080, 85
"""Pixels of a preview's shorter side at most, and its quality as a JPEG."""

HEAD = 65536
YEAR = 365 * 24 * 3600
MINUTES = 5 * 60


@blueprint.get("/thumbnail")
def thumbnail(item_id: int) -> Response:
    """Send an item's small picture; one asked for with ``v``, its content, may be kept for long."""
    library = current_library()
    item = library.item(item_id)
    file = library.thumbnail(item)
    if file is None or not file.is_file():
        raise NotFound(f"Item {item_id} has no thumbnail.")
    return _kept(send_file(file, etag=item.content.hash, conditional=True), item)


@blueprint.get("/preview")
def preview(item_id: int) -> Response:
    """Send a picture as a browser can show it; one asked for with ``v`` may be kept for long."""
    item = current_library().item(item_id)
    if item.content.kind is not Kind.IMAGE:
        raise NotFound(f"Item {item_id} is no picture.")
    file = _present(item)
    stat = file.stat()
    response = Response(mimetype="image/jpeg")
    # Of the file as it is: it may have changed since it was indexed.
    response.set_etag(f"{stat.st_size:x}-{stat.st_mtime_ns:x}")
    if not request.if_none_match.contains(response.get_etag()[0] or ""):
        image = current_decoder().open_picture(file, PREVIEW_SIDE).image
        stream = BytesIO()
        image.save(stream, "JPEG", quality=PREVIEW_QUALITY)
        response.data = stream.getvalue()
    response.make_conditional(request)
    return _kept(response, item)


@blueprint.get("/media")
def media(item_id: int) -> Response:
    """Send an item's file, or the byte ranges of it that were asked for."""
    item = current_library().item(item_id)
    file = _present(item)
    mime = _served_as(item)
    download = mime == DOWNLOAD
    response = send_file(file, mime, as_attachment=download, download_name=file.name)
    pdf = mime == "application/pdf"
    response.headers["Content-Security-Policy"] = WITHOUT_SANDBOX if pdf else SANDBOX
    if mime == PLAIN:
        response.content_type = _labelled(file)
    response.cache_control.private = True
    return response


def shown_at(item: Item) -> str | None:
    """Say at which address browsers can show a picture as a whole; None for other kinds."""
    if item.content.kind is not Kind.IMAGE:
        return None
    address = f"{API}/{item.id}"
    if _served_as(item) != DOWNLOAD:
        return f"{address}/media"
    return f"{address}/preview?v={item.content.hash[:12]}"


def _present(item: Item) -> Path:
    if not item.file.is_file():
        raise NotFound(f"{item.file} is no longer there; index its folder again.")
    return item.file


def _kept(response: Response, item: Item) -> Response:
    """Let a browser keep what was made of a content, for long if it named the content."""
    content, asked = item.content.hash, request.args.get("v", "")
    response.cache_control.private = True
    response.cache_control.max_age = YEAR if asked and content.startswith(asked) else MINUTES
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
