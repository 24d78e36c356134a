"""The library as files that other programs read: written whole, and only then sent.

So a client that reads slowly holds neither a thread nor an old state of the catalog.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from threading import BoundedSemaphore
from typing import IO

from flask import Blueprint, Response, send_file

from retrieval.disk import room_in
from retrieval.export import FORMS, Form
from webui.current import current_library
from webui.gate import one_of

AT_ONCE = 2
WRITING = BoundedSemaphore(AT_ONCE)

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
    with one_of(WRITING, "exported"):
        file = _written(form)
    size = file.tell()
    file.seek(0)
    response = send_file(file, form.mime, as_attachment=True, download_name=f"triptych-{name}")
    response.content_length = size
    response.cache_control.no_store = True
    return response


def _written(form: Form) -> IO[bytes]:
    """Write the library to a file that has no name and goes when it is closed."""
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    try:
        with room_in(Path(gettempdir()), otherwise=", or set TMPDIR to a folder on another disk"):
            file.writelines(form.pieces(current_library()))
    except BaseException:
        file.close()
        raise
    return file
