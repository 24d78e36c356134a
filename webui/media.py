"""The bytes of catalogued items: thumbnails, and the files themselves with ranges.

A file is reached by its item's number, never by a path. Only types that cannot run anything in a
browser are shown in place: text of every sort is served as plain text, the rest as a download.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from flask import Blueprint, Response, request, send_file

from retrieval.errors import NotFound
from retrieval.media import Item
from webui.current import current_library

blueprint = Blueprint("media", __name__, url_prefix="/api/v1/items/<item_id:item_id>")

SHOWN_IN_PLACE = frozenset(
    {
        "image/avif",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
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
    content = item.content.hash
    asked = request.args.get("v", "")
    response = send_file(file, "image/webp", etag=content, conditional=True)
    response.cache_control.private = True
    response.cache_control.max_age = YEAR if asked and content.startswith(asked) else MINUTES
    response.cache_control.no_cache = None
    return response


@blueprint.get("/media")
def media(item_id: int) -> Response:
    """Send an item's file, or the byte ranges of it that were asked for."""
    item = current_library().item(item_id)
    file = item.file
    if not file.is_file():
        raise NotFound(f"{file} is no longer there; index its folder again.")
    mime = _served_as(item)
    download = mime == DOWNLOAD
    response = send_file(file, mime, as_attachment=download, download_name=file.name)
    pdf = mime == "application/pdf"
    response.headers["Content-Security-Policy"] = WITHOUT_SANDBOX if pdf else SANDBOX
    if mime == PLAIN:
        response.content_type = _labelled(file)
    response.cache_control.private = True
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
