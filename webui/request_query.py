"""Reads a search out of an HTTP request: an address, a JSON body or a form with files.

All three become one ``SearchBody``, so they accept and refuse the same things. An uploaded file is
bytes in the request; an address is never fetched.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_origin

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from retrieval.decode.decoder import Decoder
from retrieval.errors import InvalidQuery
from retrieval.media import Query
from retrieval.request import SearchBody, naming_faults, parse_search
from retrieval.request_terms import Request as Body
from webui.fields import FILES, SearchFields, SearchForm

FORM = "multipart/form-data"

Model = TypeVar("Model", bound=Body)


def query_of(request: Request, decoder: Decoder) -> Query:
    """Read the query a request holds, or raise InvalidQuery with a line for each field at fault."""
    return search_of(request).as_query(decoder)


def json_of(request: Request) -> bytes:
    """Give the body of a request that must be JSON."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the query as application/json.")
    return request.get_data()


def read_fields(model: type[Model], fields: MultiDict[str, str], **files: Sequence[str]) -> Model:
    """Read flat fields, and what files were sent, as a model has them, or raise InvalidQuery."""
    data: dict[str, Any] = {name: list(sent) for name, sent in files.items() if sent}
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, values in fields.lists():
        if name not in known or get_origin(known[name].annotation) is list:
            data[name] = values
        elif len(values) > 1:
            raise InvalidQuery(f"{name}: it is given {len(values)} times; give it once.")
        elif values[0] or known[name].default is not None:
            data[name] = values[0]
    with naming_faults():
        return model.model_validate(data)


def search_of(request: Request) -> SearchBody:
    """Read the search a request holds, its files still encoded, or raise InvalidQuery."""
    if request.method in {"GET", "HEAD"}:
        with naming_faults():
            return read_fields(SearchFields, request.args).as_search()
    if request.mimetype == FORM:
        with naming_faults():
            return read_fields(SearchForm, request.form, **_files(request)).as_form()
    if request.is_json:
        return parse_search(request.get_data())
    raise UnsupportedMediaType(
        f"Send the query as application/json, or as {FORM} when it holds files."
    )


def _files(request: Request) -> Mapping[str, Sequence[str]]:
    """Read a form's files; inputs that were left empty are sent by browsers without a name."""
    if misplaced := sorted(set(request.files) - set(FILES)):
        raise InvalidQuery(f"{misplaced[0]}: unknown file field; known: {', '.join(FILES)}")
    if misplaced := sorted(set(request.form) & set(FILES)):
        raise InvalidQuery(f"{misplaced[0]}: send it as a file, with a file name.")
    return {
        field: [b64encode(upload.read()).decode("ascii") for upload in uploads if upload.filename]
        for field, uploads in request.files.lists()
    }
