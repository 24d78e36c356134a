"""How the replies look that only the HTTP API gives."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel

from retrieval.media import Answer, Item
from retrieval.wire import AnswerBody, HitBody, ItemBody, PassageBody
from webui.media import shown_at


class ItemReply(ItemBody):
    """An item and a stretch of its passages."""

    ok: Literal[True] = True
    """Always true."""
    name: str
    """The file's name without its folder."""
    preview: str | None
    """The address where a browser can show a picture as a whole, or the first page of a PDF, any
    other with its ``passage``; null for other files."""
    passages: list[PassageBody]
    """The passages asked for, in their order within the item."""
    passages_offset: int
    """How many passages come before them."""
    passages_total: int
    """How many passages the item has."""

    @classmethod
    def with_passages(
        cls, item: Item, passages: list[PassageBody], *, offset: int, total: int
    ) -> Self:
        """Describe an item and some of its passages."""
        return cls(
            **ItemBody.of(item).model_dump(),
            name=item.path.rpartition("/")[2],
            preview=shown_at(item),
            passages=passages,
            passages_offset=offset,
            passages_total=total,
        )


class PlacesReply(BaseModel):
    """Where in an item a query is met."""

    ok: Literal[True] = True
    """Always true."""
    total: int
    """How many passages answer as well as the item's best, or hardly worse."""
    places: list[HitBody]
    """Those asked for, best first, in their order within the item; they have no scores."""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Describe the places of an item."""
        hits = [HitBody.of_hit(hit, answer) for hit in answer.hits]
        return cls(total=answer.total, places=hits)


class BatchReply(BaseModel):
    """The replies to several searches."""

    ok: Literal[True] = True
    """Always true."""
    answers: list[AnswerBody]
    """A reply for each search, in their order."""


class AliveReply(BaseModel):
    """A sign of life."""

    ok: Literal[True] = True
    """Always true."""


class ReadyReply(AliveReply):
    """What can be searched."""

    items: int
    """How many files the library holds."""


class ErrorReply(BaseModel):
    """Every error, whatever its status."""

    ok: Literal[False] = False
    """Always false."""
    error: str
    """What went wrong and what to do about it, in one line."""
    errors: list[str]
    """The same, one line for each fault; a line that begins with a field's name is about it."""
    status: int
    """The status of the reply."""

    @classmethod
    def of(cls, status: int, errors: list[str]) -> Self:
        """Describe an error by its lines."""
        return cls(error="; ".join(errors), errors=errors, status=status)
