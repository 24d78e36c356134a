"""Reads a search out of an HTTP request: an address, a JSON body or a form with files.

All three become the same data and are validated by ``retrieval.request``, so they accept and refuse
the same things. An uploaded file is bytes in the request; an address is never fetched.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from retrieval.decode.decoder import Decoder
from retrieval.errors import InvalidQuery
from retrieval.media import Query
from retrieval.request import parse_filters, parse_search

BOUND_FIELDS = ("after", "before", "min_size", "max_size", "min_duration", "max_duration")
FILTER_FIELDS = ("in", *BOUND_FIELDS)
PAGE_FIELDS = ("k", "offset", "exact", "fold")
KNOWN_FIELDS = {"q", "item", "kind", "terms", *FILTER_FIELDS, *PAGE_FIELDS}
STRETCH_FIELDS = {"kind", *FILTER_FIELDS, *PAGE_FIELDS}
FILE_FIELDS = {"image", "audio"}


def query_of(request: Request, decoder: Decoder) -> Query:
    """Read the query a request holds, or raise InvalidQuery with a line for each field at fault."""
    return parse_search(_data(request)).as_query(decoder)


def stretch_of(request: Request) -> Query:
    """Read only filters and which stretch is wanted, or raise InvalidQuery."""
    return parse_filters(_from_fields(request.args, allowed=STRETCH_FIELDS)).as_query()


def _data(request: Request) -> Any:
    if request.method in {"GET", "HEAD"}:
        return _from_fields(request.args, allowed=KNOWN_FIELDS - {"terms"})
    if request.mimetype == "multipart/form-data":
        return _from_form(request)
    if request.is_json:
        return _json(request.get_data(as_text=False), "The body")
    raise UnsupportedMediaType(
        "Send the query as application/json, or as multipart/form-data when it holds files."
    )


def _from_fields(fields: MultiDict[str, str], allowed: set[str]) -> dict[str, Any]:
    unknown = sorted(set(fields) - allowed)
    if unknown:
        names = ", ".join(sorted(allowed))
        raise InvalidQuery("\n".join(f"{name}: unknown field; known: {names}" for name in unknown))
    terms = [{"item": item} for item in _split(fields.getlist("item"))]
    filters: dict[str, Any] = {name: fields[name] for name in FILTER_FIELDS if fields.get(name)}
    filters["kind"] = _split(fields.getlist("kind"))
    pages = {name: fields[name] for name in PAGE_FIELDS if name in fields}
    return {"q": fields.getlist("q"), "terms": terms, "filters": filters, **pages}


def _from_form(request: Request) -> dict[str, Any]:
    unknown = sorted(set(request.files) - FILE_FIELDS)
    if unknown:
        raise InvalidQuery(f"{unknown[0]}: unknown file field; known: image, audio")
    data = _from_fields(request.form, allowed=KNOWN_FIELDS)
    for text in request.form.getlist("terms"):
        terms = _json(text, "terms")
        data["terms"] += terms if isinstance(terms, list) else [terms]
    for field in sorted(FILE_FIELDS):
        data["terms"] += [{field: _file(upload)} for upload in _sent(request, field)]
    return data


def _sent(request: Request, field: str) -> Iterable[FileStorage]:
    """Skip a form's file inputs that were left empty, which browsers send without a name."""
    return (upload for upload in request.files.getlist(field) if upload.filename)


def _file(upload: FileStorage) -> dict[str, str]:
    return {"base64": b64encode(upload.read()).decode("ascii")}


def _split(values: Iterable[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _json(text: str | bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidQuery(f"{where} is not valid JSON: {error}") from error
