"""How an explanation looks as JSON."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Self

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
    columns: int
    values: list[list[float]]
    fall: float
    overlay: str | None
    """A PNG as a ``data:`` address; None where no region stands out."""

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
    end: int
    weight: float


class ExplanationBody(BaseModel):
    """Why a passage of an item matches a query."""

    ok: bool = True
    item: int
    passage: int
    kind: Kind
    regions: RegionsBody | None
    sentences: list[SpanBody]
    words: list[SpanBody]

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
