"""The one place where an error becomes an HTTP reply.

Under ``/api`` and for the probes an error is ``{"ok": false, "error", "errors", "status"}``;
elsewhere it is a small page. It speaks the reader's language. An unexpected error is logged whole
and shown without its trace; no error says where on the machine something lies.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from retrieval.errors import (
    EncoderMismatch,
    InvalidQuery,
    LibraryBusy,
    LibraryError,
    MediaTooLarge,
    ModelUnavailable,
    NotFound,
    TriptychError,
    UnreachableMedia,
    UnreadableMedia,
    UnsupportedMedia,
)
from webui.current import current_library
from webui.discretion import Discretion
from webui.error_page import error_page
from webui.replies import ErrorReply
from webui.translation import reader_language, translate

logger = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[TriptychError], int], ...] = (
    (InvalidQuery, 400),
    (NotFound, 404),
    (MediaTooLarge, 413),
    (UnsupportedMedia, 415),
    (UnreachableMedia, 503),
    (UnreadableMedia, 422),
    (EncoderMismatch, 409),
    (LibraryBusy, 409),
    (LibraryError, 503),
    (ModelUnavailable, 503),
)
"""The first class that an error belongs to gives its status; narrower classes come first."""

MACHINE_PATHS = (
    *("/api/", "/healthz", "/readyz", "/metrics"),
    *("/knn-service", "/metadata", "/indices-list"),
)


def install(app: Flask) -> None:
    """Translate every error of the application's requests."""
    app.register_error_handler(TriptychError, from_triptych)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(Exception, from_surprise)


def from_triptych(error: TriptychError) -> Response:
    """Reply with the message meant for a person."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    if status >= 500:
        logger.error("%s %s: %s", request.method, request.path, error)
    said = Discretion(current_library()).say(str(error))
    return reply(status, said.splitlines() or [type(error).__name__])


def from_http(error: HTTPException) -> Response:
    """Reply to a request that no view could take, keeping headers such as Allow."""
    original = error.get_response()
    if original.status_code < 400:
        return Response(original.get_data(), original.status_code, headers=original.headers)
    response = reply(original.status_code, [error.description or error.name])
    for name, value in original.headers:
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def from_surprise(error: Exception) -> Response:
    """Log what nobody foresaw and reply without details."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return reply(500, ["Something went wrong in the server; its log says what."])


def reply(status: int, errors: list[str]) -> Response:
    """Give an error in the shape that the client reads, and in the language."""
    language = reader_language()
    if request.path.startswith(MACHINE_PATHS):
        said = [translate(error, language) for error in errors]
        response = jsonify(ErrorReply.of(status, said).model_dump())
    else:
        response = Response(error_page(status, errors, language))
    response.status_code = status
    return response
