"""Replies in fewer bytes, for clients that reach the server over a network.

Only what is text and ours: media are compressed already or sent in ranges, and are left alone.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

COMPRESSED = (
    "text/html",
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/x-ndjson",
)


def install(app: Flask) -> None:
    """Compress replies where the client can read them so."""
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_STREAMS"] = False
    Compress(app)
    app.after_request(read_static)  # comes before the other


def read_static(response: Response) -> Response:
    """Read a file of ours whole: what is streamed is not compressed."""
    if request.endpoint == "static" and response.status_code == 200:
        response.direct_passthrough = False
        response.make_sequence()
    return response
