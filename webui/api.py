"""The JSON API under ``/api/v1``: search, items and what the library holds.

Every reply has ``ok``; queries have the shape of ``retrieval.request``, answers and items those of
``retrieval.wire``.
"""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from retrieval.alike.body import DuplicatesBody
from retrieval.errors import InvalidQuery
from retrieval.progress import Unwatched
from retrieval.request import parse_filters, parse_search
from retrieval.wire import AnswerBody, InfoBody, ItemBody, PassageBody
from webui.current import current_decoder, current_library
from webui.media import shown_at
from webui.request_query import query_of, stretch_of

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

PASSAGES = 200
"""Passages of an item that travel in one reply, unless the client asks for fewer or more."""
MOST_PASSAGES = 2000


@blueprint.get("/search")
@blueprint.post("/search")
def search() -> ResponseReturnValue:
    """Answer a query given as address, JSON or form."""
    answer = current_library().search(query_of(request, current_decoder()))
    return AnswerBody.of(answer).model_dump(mode="json")


@blueprint.get("/items/<item_id:item_id>")
def item(item_id: int) -> ResponseReturnValue:
    """Describe an item and the stretch of its passages asked for, a query's words marked."""
    library = current_library()
    found = library.item(item_id)
    passages = library.passages(found)
    start, stop = _stretch([passage_id for passage_id, _ in passages])
    query = parse_filters({"q": request.args.getlist("q")}).as_query()
    shown = [PassageBody.of(*passage, query) for passage in passages[start:stop]]
    return {
        "ok": True,
        **ItemBody.of(found).model_dump(mode="json"),
        "name": found.path.rpartition("/")[2],
        "preview": shown_at(found),
        "passages": [passage.model_dump(mode="json") for passage in shown],
        "passages_offset": start,
        "passages_total": len(passages),
    }


@blueprint.get("/items/<item_id:item_id>/similar")
def similar(item_id: int) -> ResponseReturnValue:
    """Answer with the items most like one of the library."""
    pages = {name: request.args[name] for name in ("k", "offset", "fold") if name in request.args}
    query = parse_search({"terms": [{"item": item_id}], **pages}).as_query()
    return AnswerBody.of(current_library().search(query)).model_dump(mode="json")


@blueprint.get("/duplicates")
def duplicates() -> ResponseReturnValue:
    """List groups of files that are the same or nearly so."""
    asked = stretch_of(request)
    groups = current_library().duplicates(asked.filters, Unwatched())
    shown = slice(asked.offset, asked.offset + asked.k)
    return DuplicatesBody.of(groups, shown).model_dump(mode="json")


@blueprint.get("/stats")
def stats() -> ResponseReturnValue:
    """Say what the library holds, what it could not read, and how it searches."""
    return InfoBody.of(current_library().info()).model_dump(mode="json")


def _stretch(ids: list[int]) -> tuple[int, int]:
    """Read which passages are wanted: from ``offset``, or with the one ``around`` in the middle."""
    limit = _number("limit", PASSAGES, most=MOST_PASSAGES)
    start = _number("offset", 0)
    around = _number("around", -1)
    if around in ids:
        start = max(0, ids.index(around) - limit // 2)
    return start, start + limit


def _number(name: str, default: int, most: int = 2**31) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdecimal() or len(text) > len(str(most)) or int(text) > most:
        raise InvalidQuery(f"{name}: {text!r} is not a whole number from 0 to {most}")
    return int(text)
