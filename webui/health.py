"""Signs of life for a supervisor, answered without a token: alive, and ready to search."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webui.current import current_library
from webui.replies import AliveReply, ReadyReply

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return AliveReply().model_dump()


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say that the library can be read; an error says why not."""
    return ReadyReply(items=current_library().info().items).model_dump()
