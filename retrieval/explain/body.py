"""How an explanation looks as JSON."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel

from retrieval.explain.explanation import Explanation
from retrieval.explain.overlay import draw_overlay
from retrieval.explain.regions import Regions
from retrieval.explain.spans import WeightedSpan
from retrieval.media import Item, Kind

DIGITS = 3


class RegionsBody(BaseModel):
    """What matters in a picture, as numbers and as a picture to lay over it."""

    rows: int
    """Rows of the grid."""
    columns: int
    """Columns of the grid."""
    values: list[list[float]]
    """A list for each row, top to bottom: 1 where it matches most, 0 where it does not."""
    fall: float
    """How much the cosine falls when the region that has 1 is covered; 0 where none stands out."""
    overlay: str | None
    """A PNG as a ``data:`` address; null where no region stands out."""

    @classmethod
    def of(cls, regions: Regions, item: Item) -> Self:
        """Describe a picture's regions."""
        rows, columns = regions.heat.shape
        return cls(
            rows=rows,
            columns=columns,
            values=[[round(float(heat), DIGITS) for heat in row] for row in regions.heat],
            fall=round(regions.fall, 4),
            overlay=_overlay(regions, item) if regions.fall else None,
        )


class SpanBody(BaseModel):
    """A stretch of a passage's text, in characters, and how much it matches."""

    start: int
    """The first character, in Unicode code points."""
    end: int
    """The character after the last."""
    weight: float
    """How much it matches, 0…1."""


class ExplanationBody(BaseModel):
    """Why a passage of an item matches a query."""

    ok: Literal[True] = True
    """Always true."""
    item: int
    """The item's number."""
    passage: int
    """The number of the passage that is explained."""
    kind: Kind
    """What the item is to a person."""
    regions: RegionsBody | None
    """Of a picture; else null."""
    sentences: list[SpanBody]
    """The sentences of the passage, in order."""
    words: list[SpanBody]
    """The words of its best sentence, in order."""

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """Describe an explanation."""
        item, regions, spans = explanation.item, explanation.regions, explanation.spans
        return cls(
            item=item.id,
            passage=explanation.passage_id,
            kind=item.content.kind,
            regions=RegionsBody.of(regions, item) if regions else None,
            sentences=_weighted(spans.sentences),
            words=_weighted(spans.words),
        )


def _overlay(regions: Regions, item: Item) -> str:
    rows, columns = regions.heat.shape
    width, height = item.content.width or columns, item.content.height or rows
    overlay = draw_overlay(regions.heat, width, height)
    return f"data:image/png;base64,{b64encode(overlay).decode('ascii')}"


def _weighted(spans: Sequence[WeightedSpan]) -> list[SpanBody]:
    return [
        SpanBody(start=span.start, end=span.end, weight=round(span.weight, DIGITS))
        for span in spans
    ]
