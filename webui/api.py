"""The JSON API under ``/api/v1``: search, items and what the library holds.

Every reply has ``ok``; queries have the shape of ``retrieval.request`` or ``webui.fields``, answers
and items those of ``retrieval.wire``.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from retrieval.alike.body import DuplicatesBody
from retrieval.info_body import InfoBody
from retrieval.media import Query
from retrieval.progress import Unwatched
from retrieval.request import RankingBody, SearchBody
from retrieval.request_terms import ItemTermBody
from retrieval.search.language import read_lines
from retrieval.wire import AnswerBody, PassageBody
from webui.current import current_decoder, current_library
from webui.discretion import Discretion
from webui.fields import DuplicatesFields, PassagesFields
from webui.replies import ItemReply, PlacesReply
from webui.request_query import query_of, read_fields, search_of
from webui.translation import reader_language, translate, translate_reasons

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
@blueprint.post("/search")
def search() -> ResponseReturnValue:
    """Answer a query given as address, JSON or form."""
    asked = search_of(request)
    answer = current_library().search(asked.as_query(current_decoder()))
    return AnswerBody.of(answer, asked.q).model_dump(mode="json")


@blueprint.get("/items/<item_id:item_id>")
def item(item_id: int) -> ResponseReturnValue:
    """Describe an item and the stretch of its passages asked for, a query's words marked."""
    asked = read_fields(PassagesFields, request.args)
    library = current_library()
    found = library.item(item_id)
    passages = library.passages(found)
    start = asked.start_among([number for number, passage in passages if not passage.by_user])
    line = read_lines(asked.q)
    query = Query(line.terms, phrases=line.phrases)
    shown = passages[start : start + asked.limit]
    bodies = [PassageBody.of(*passage, query) for passage in shown]
    reply = ItemReply.with_passages(found, bodies, offset=start, total=len(passages))
    return reply.model_dump(mode="json")


@blueprint.get("/items/<item_id:item_id>/similar")
def similar(item_id: int) -> ResponseReturnValue:
    """Answer with the items most like one of the library."""
    asked = read_fields(RankingBody, request.args)
    query = SearchBody(terms=[ItemTermBody(item=item_id)], **asked.model_dump()).as_query()
    return AnswerBody.of(current_library().search(query)).model_dump(mode="json")


@blueprint.get("/items/<item_id:item_id>/places")
@blueprint.post("/items/<item_id:item_id>/places")
def places(item_id: int) -> ResponseReturnValue:
    """Say where in an item a query is met about as well as where it is met best."""
    answer = current_library().places(query_of(request, current_decoder()), item_id)
    return PlacesReply.of(answer).model_dump(mode="json")


@blueprint.get("/duplicates")
def duplicates() -> ResponseReturnValue:
    """List groups of files that are the same or nearly so."""
    asked = read_fields(DuplicatesFields, request.args)
    groups = current_library().duplicates(asked.as_filters(), Unwatched())
    shown = slice(asked.offset, asked.offset + asked.k)
    return DuplicatesBody.of(groups, shown).model_dump(mode="json")


@blueprint.get("/stats")
def stats() -> ResponseReturnValue:
    """Say what the library holds, what it could not read, and how it searches."""
    library = current_library()
    info, discretion = library.info(), Discretion(library)
    language = reader_language()
    index = replace(info.index, notice=translate(discretion.say(info.index.notice), language))
    failures = translate_reasons(discretion.say_why(info.failures), language)
    said = replace(info, failures=failures, index=index)
    return InfoBody.of(said).model_dump(mode="json")
