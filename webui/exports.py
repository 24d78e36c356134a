"""The library as files that other programs read, sent while they are written."""

from __future__ import annotations

from flask import Blueprint, Response

from retrieval.export import FORMS
from webui.current import current_library

blueprint = Blueprint("exports", __name__, url_prefix="/api/v1/export")


@blueprint.get("/items.csv")
def items_csv() -> Response:
    """Send all files as a table; a text that a spreadsheet would carry out has `'` before it."""
    return _sent("items.csv")


@blueprint.get("/items.jsonl")
def items_jsonl() -> Response:
    """Send all files, a line of JSON each."""
    return _sent("items.jsonl")


@blueprint.get("/passages.jsonl")
def passages_jsonl() -> Response:
    """Send all passages, a line of JSON each, with the first item that holds it."""
    return _sent("passages.jsonl")


@blueprint.get("/vectors.npy")
def vectors_npy() -> Response:
    """Send all vectors as a NumPy array of float32: row i is of line i of the passages."""
    return _sent("vectors.npy")


def _sent(name: str) -> Response:
    form = FORMS[name]
    response = Response(form.pieces(current_library()), mimetype=form.mime)
    response.headers.set("Content-Disposition", "attachment", filename=f"triptych-{name}")
    return response
