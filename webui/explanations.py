"""Why an item was found, for the query that found it."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from retrieval.explain.body import ExplanationBody
from webui.current import current_decoder, current_library
from webui.request_query import query_of

blueprint = Blueprint("explanations", __name__, url_prefix="/api/v1/items/<item_id:item_id>")


@blueprint.get("/explain")
@blueprint.post("/explain")
@blueprint.get("/passages/<item_id:passage_id>/explain")
@blueprint.post("/passages/<item_id:passage_id>/explain")
def explain(item_id: int, passage_id: int | None = None) -> ResponseReturnValue:
    """Say what in the passage named of an item, or else in its best, matches a query."""
    decoder = current_decoder()
    query = query_of(request, decoder)
    explanation = current_library().explain(query, item_id, passage_id, decoder)
    return ExplanationBody.of(explanation).model_dump(mode="json")
