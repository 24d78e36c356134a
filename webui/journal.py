"""A number for every request and a line about it, so that what went wrong can be found again.

The number travels in ``X-Request-Id``: a proxy's own is kept if it is a plain one. The line never
holds the query, which is nobody's business, nor the token.
"""

from __future__ import annotations

import logging
import re
import time
from typing import TextIO
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request

REQUEST_ID = "X-Request-Id"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LONGEST = 500
"""Characters of a path that are noted."""
PLAIN = re.compile(r"[\w.-]{1,64}", re.ASCII)

logger = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Have every request numbered and noted; goes before all that may refuse one."""
    app.before_request(begin)
    app.after_request(note)


def leave_out_waiting() -> None:
    """Have waitress not warn of each request that waits for a thread, as many do under load."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def begin() -> None:
    """Give the request its number."""
    g.began = time.perf_counter()
    sent = request.headers.get(REQUEST_ID, "")
    g.request_id = sent if PLAIN.fullmatch(sent) else uuid4().hex[:16]


def note(response: Response) -> Response:
    """Note how a request ended."""
    response.headers[REQUEST_ID] = g.request_id
    about = {
        "method": known_method(),
        "path": request.path[:LONGEST],
        "status": response.status_code,
        "ms": round(1000 * (time.perf_counter() - g.began), 1),
        "client": request.remote_addr,
    }
    logger.info("request", extra=about)
    return response


def known_method() -> str:
    """Name the request's method, if it is one that there is: a client may send any word."""
    return request.method if request.method in METHODS else "other"


def number(record: logging.LogRecord) -> bool:
    """Add the number of the request in which something was logged; lets everything pass."""
    record.request = g.get("request_id") if has_request_context() else None
    return True


def write_to(stream: TextIO) -> None:
    """Write what is logged, a request's line included, as JSON, a line each."""
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler(stream)
    handler.addFilter(number)
    handler.setFormatter(
        JsonFormatter(
            "{levelname}{name}{message}{request}",
            style="{",
            timestamp="at",
            rename_fields={"levelname": "level", "name": "by"},
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
