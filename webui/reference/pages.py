"""Where the description is found: as a document for programs, as a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

if TYPE_CHECKING:
    from webui.reference.schemas import Schema

blueprint = Blueprint("reference", __name__)

KEPT = "triptych reference"


@blueprint.get("/openapi.json")
@blueprint.get("/api/v1/openapi.json")
def document() -> ResponseReturnValue:
    """Send the OpenAPI document."""
    return current_document()


@blueprint.get("/api/")
def page() -> str:
    """Send the reference for people, in English and Chinese; it is read without scripts as well."""
    from webui.reference.chinese import CHINESE
    from webui.reference.reading import read_groups, read_introduction, read_models

    described = current_document()
    return render_template(
        "reference.html",
        document=described,
        chinese=CHINESE,
        introduction=read_introduction(described),
        groups=read_groups(described, request.host_url.rstrip("/")),
        models=read_models(described),
    )


def current_document() -> Schema:
    """Give the description of the application's API, made when it is first asked for."""
    from webui.reference.document import describe

    kept = current_app.extensions
    if KEPT not in kept:
        kept[KEPT] = describe(current_app)
    return cast("Schema", kept[KEPT])
