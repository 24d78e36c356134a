"""Where on its page a passage of a PDF stands, and the words of a query in it."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from retrieval.decode.placement import Box
from retrieval.errors import NotFound
from retrieval.media import PDF, Query
from retrieval.request_terms import Request
from retrieval.request_values import ListOfLines
from retrieval.search.language import read_lines
from retrieval.wire import PassageBody
from webui.current import current_decoder, current_library
from webui.media import present
from webui.request_query import read_fields

blueprint = Blueprint("placement", __name__, url_prefix="/api/v1/items/<item_id:item_id>")


class PlacementFields(Request):
    """What to look for in a passage."""

    q: ListOfLines = Field(default=[])
    """Lines of the search box, whose words and phrases are found; may be repeated."""


class PlacementReply(BaseModel):
    """Where a passage stands on its page; nowhere, where it was read from a picture."""

    ok: Literal[True] = True
    """Always true."""
    lines: list[Box]
    """Its lines: left, top, right and bottom of each, as shares of the page."""
    marks: list[Box]
    """Words of ``q`` in it, in the same way."""


@blueprint.get("/passages/<item_id:passage_id>/placement")
def placement(item_id: int, passage_id: int) -> ResponseReturnValue:
    """Find a passage of a PDF on its page, and the words of a query in it."""
    asked = read_fields(PlacementFields, request.args)
    library = current_library()
    item = library.item(item_id)
    passage = dict(library.passages(item)).get(passage_id)
    if passage is None:
        raise NotFound(f"Item {item_id} has no passage {passage_id}.")
    if item.content.mime != PDF or passage.page is None or not passage.text:
        return PlacementReply(lines=[], marks=[]).model_dump(mode="json")
    line = read_lines(asked.q)
    marks = PassageBody.of(passage_id, passage, Query(line.terms, phrases=line.phrases)).marks
    spans = [(0, len(passage.text)), *marks]
    lines, *words = current_decoder().boxes_on(present(item), passage.page, passage.text, spans)
    found = PlacementReply(lines=lines, marks=[box for boxes in words for box in boxes])
    return found.model_dump(mode="json")
