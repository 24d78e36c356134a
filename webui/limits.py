"""How often one client may be refused, where a token is demanded: guessing it must lead nowhere.

On the loopback address there is no limit, since whoever is there can do as they please.
"""

from __future__ import annotations

import time
from math import ceil

from flask import Flask, Response, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

REFUSALS = parse("20 per minute")
"""Requests of one address that may be refused for want of the token."""


def install(app: Flask) -> None:
    """Turn away, with 429, an address whose requests were refused too often, whatever it asks."""
    limiter = MovingWindowRateLimiter(MemoryStorage())

    def turn_away() -> None:
        client = request.remote_addr or ""
        if not limiter.test(REFUSALS, client):
            again = limiter.get_window_stats(REFUSALS, client).reset_time
            raise TooManyRequests(
                "Too many requests without the token; wait a minute.",
                retry_after=max(1, ceil(again - time.time())),
            )

    def count(response: Response) -> Response:
        if response.status_code == 401:
            limiter.hit(REFUSALS, request.remote_addr or "")
        return response

    app.before_request(turn_away)
    app.after_request(count)
