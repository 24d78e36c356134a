"""The Flask application factory.

An application serves one open library and owns no other state, so that several may live in one
process. It never fetches an address for a client and never opens a file that is not catalogued.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from retrieval.decode.apart import Apart
from retrieval.decode.decoder import Guarded
from retrieval.settings import settings
from webui import (
    api,
    atlas,
    batch,
    clip_service,
    compression,
    errors,
    explanations,
    exports,
    health,
    indexing,
    item_id,
    journal,
    limits,
    media,
    metrics,
    overview,
    pages,
    placement,
    remarks,
    security,
    sign_in,
)
from webui.current import attach
from webui.gate import Gate
from webui.jobs import Indexer
from webui.reference import pages as reference

if TYPE_CHECKING:
    from retrieval.library import Library
    from webui.token import Token

DECODERS, PATIENCE = 2, 30.0
"""Processes that decode what may hurt, and how many seconds a request waits for its files."""
DECODED_AT_ONCE = 16
"""Files that threads of the server wait for at once; it has twice as many."""


def create_app(
    library: Library, *, token: Token | None = None, indexer: Indexer | None = None
) -> Flask:
    """Make the web application of a library.

    With a ``token`` every request must carry it, from whatever host it comes. Without one only
    requests addressed to this machine's loopback names are answered. Without an ``indexer`` the
    library is not brought up to date from here.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings().max_upload_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    attach(app, library, Gate(Guarded(Apart(DECODERS, PATIENCE)), DECODED_AT_ONCE, PATIENCE))
    journal.install(app)
    metrics.install(app, library)
    indexing.install(app, library, indexer)
    compression.install(app)
    item_id.install(app)
    errors.install(app)
    if token is not None:
        limits.install(app)
    security.install(app, token)
    for part in (
        pages,
        sign_in,
        api,
        remarks,
        exports,
        batch,
        explanations,
        placement,
        indexing,
        overview,
        atlas,
        media,
        health,
        metrics,
        clip_service,
        reference,
    ):
        app.register_blueprint(part.blueprint)
    return app
