"""What the user says of items, and items that are to be forgotten: all that changes one of them.

A file itself is never changed, moved or deleted from here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from retrieval import forgetting
from retrieval.captioning import LONGEST_CAPTION, caption
from retrieval.request import naming_faults
from retrieval.request_terms import Request
from webui.current import current_library
from webui.discretion import Discretion
from webui.request_query import json_of
from webui.translation import reader_language, translate

blueprint = Blueprint("remarks", __name__, url_prefix="/api/v1/items")


class RemarksBody(Request):
    """What the user says of an item; what is not given stays as it is."""

    favourite: bool | None = None
    """Whether it, and every file of the same bytes, is a favourite."""
    caption: Annotated[str, Field(max_length=LONGEST_CAPTION)] | None = None
    """Words about it, and about every file of the same bytes; empty words remove them."""


class RemarksReply(BaseModel):
    """What the user says of an item now."""

    ok: Literal[True] = True
    """Always true."""
    item: int
    """The item's number."""
    favourite: bool
    """Whether it is a favourite."""
    caption: str
    """Words about it."""


class ForgottenReply(BaseModel):
    """How much was forgotten."""

    ok: Literal[True] = True
    """Always true."""
    items: int
    """The file, and sidecars of it that were items."""
    bytes: int
    """Their bytes, which are still on the disk."""
    notice: str
    """What of them can still be read in the library's own files; empty where it is nothing."""


@blueprint.patch("/<item_id:item_id>")
def remark(item_id: int) -> ResponseReturnValue:
    """Make an item a favourite, or no more, and give it a caption, which is searched as well.

    Both belong to the file's bytes: they outlive a new name, a copy and another run of the indexer.
    """
    with naming_faults():
        body = RemarksBody.model_validate_json(json_of(request), strict=True)
    library = current_library()
    if body.caption is not None:
        caption(library, item_id, body.caption)
    if body.favourite is not None:
        library.mark(item_id, body.favourite)
    item = library.item(item_id)
    reply = RemarksReply(item=item.id, favourite=item.favourite, caption=item.caption)
    return reply.model_dump(mode="json")


@blueprint.delete("/<item_id:item_id>")
def forget(item_id: int) -> ResponseReturnValue:
    """Forget all that is known of an item; the file stays, and its next indexing finds it again."""
    library = current_library()
    gone = forgetting.forget(library, [library.item(item_id).file])
    notice = translate(Discretion(library).say(gone.notice), reader_language())
    reply = ForgottenReply(items=gone.items, bytes=gone.bytes, notice=notice)
    return reply.model_dump(mode="json")
