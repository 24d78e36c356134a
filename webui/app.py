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
from webui import api, errors, explanations, health, item_id, media, pages, security, sign_in
from webui.current import attach

if TYPE_CHECKING:
    from retrieval.library import Library

DECODERS, PATIENCE = 2, 30.0
"""Processes that decode what may hurt, and how many seconds a request waits for one."""


def create_app(library: Library, *, token: str | None = None) -> Flask:
    """Make the web application of a library.

    With a ``token`` every request must carry it, from whatever host it comes. Without one only
    requests addressed to this machine's loopback names are answered.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings().max_upload_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    attach(app, library, Guarded(Apart(DECODERS, PATIENCE)))
    item_id.install(app)
    errors.install(app)
    security.install(app, token)
    for part in (pages, sign_in, api, explanations, media, health):
        app.register_blueprint(part.blueprint)
    return app
