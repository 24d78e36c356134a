"""How an answer looks as JSON, for the HTTP API and for ``--json`` alike."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from retrieval.media import GOOD, Answer, Hit, Item, Kind, Passage, Query
from retrieval.search.excerpt import excerpt
from retrieval.search.language import find_restrictions
from retrieval.search.marks import marks
from retrieval.search.meaning import wanted_words
from retrieval.sentences import Span


class ItemBody(BaseModel):
    """A file of the library."""

    item: int
    """The item's number."""
    kind: Kind
    """What the file is to a person."""
    path: str
    """Where the file lies on the server's machine."""
    title: str
    """What the file itself is called inside; empty where it says nothing."""
    mime: str
    """Its media type."""
    size: int
    """Bytes of the file."""
    modified_at: datetime
    """When the file was last modified."""
    taken_at: datetime | None
    """When a picture or film was taken, in the time of the place."""
    width: int | None
    """Pixels; of a film, those of its pictures."""
    height: int | None
    """Pixels."""
    duration: float | None
    """Seconds."""
    camera: str
    """Its make and model; empty where unknown."""
    latitude: float | None
    """Degrees north of where it was taken."""
    longitude: float | None
    """Degrees east."""
    language: str
    """What is spoken, as ISO 639-1; empty where unknown."""
    favourite: bool
    """Whether the user marked it, or a file of the same bytes, as a favourite."""
    caption: str
    """What the user says of it, or of a file of the same bytes; empty where nothing."""
    thumbnail: str
    """The address of a small picture of it."""
    media: str
    """The address of the file itself."""

    @classmethod
    def of(cls, item: Item) -> Self:
        """Describe an item, with the addresses of its thumbnail and its bytes."""
        return cls(**_describe(item))


class HitBody(ItemBody):
    """An item of an answer, with its best passage."""

    passage: int | None
    """The number of the passage that answers; null of a recording in which nobody speaks."""
    score: float | None
    """How likely the hit is real, 0…1, comparable between kinds; null where only listed."""
    similarity: float | None
    """The raw cosine of query and passage; null where hits are only listed."""
    snippet: str
    """The passage's words, 800 characters at most."""
    marks: tuple[Span, ...]
    """Where the snippet holds words of the query: start and end in Unicode code points."""
    page: int | None
    """The passage's page in a document, from 1."""
    start: float | None
    """Seconds into the recording or film where the passage begins."""
    end: float | None
    """Seconds where it ends."""
    passages: int
    """How many passages of the item answer as well as its best, or hardly worse."""
    glimpse: str
    """Of a picture, 4 rows of 4 colours (red, green, blue) as base64, to stand for it until its
    thumbnail has come; else empty."""
    alike: list[ItemBody]
    """Near-duplicates that are folded into the hit, in order of rank."""

    @classmethod
    def of_hit(cls, hit: Hit, answer: Answer) -> Self:
        """Describe a hit of an answer."""
        passage = hit.passage
        shown = excerpt(passage.text, answer.words, answer.quotations)
        elsewhere = hit.item.content.looks_different_at(passage)
        return cls(
            **_describe(hit.item, hit.passage_id if elsewhere else None),
            passage=hit.passage_id,
            score=_rounded(hit.score),
            similarity=_rounded(hit.similarity),
            snippet=shown.text,
            marks=shown.marks,
            page=passage.page,
            start=passage.start,
            end=passage.end,
            passages=hit.passages,
            glimpse=b64encode(hit.glimpse).decode(),
            alike=[ItemBody.of(item) for item in hit.alike],
        )


class AnswerBody(BaseModel):
    """The reply to a search."""

    ok: Literal[True] = True
    """Always true."""
    took_ms: float
    """Milliseconds from the query to the answer."""
    timings: dict[str, float]
    """What they were spent on, by stage."""
    total: int
    """How many different contents pass the filters, also those folded into others."""
    by_kind: dict[Kind, int]
    """How many of each kind pass all filters but those on the kind; none of a kind is left out."""
    ranked: bool
    """False where the query has no terms, so that hits are only listed."""
    confident: bool
    """False where even the best hit is no better than chance would give."""
    cutoff: float = GOOD
    """The score from which a hit is more likely real than not."""
    heard: list[str]
    """What was understood of each recording in the query."""
    restrictions: list[tuple[Span, ...]]
    """Where each line of ``q`` says filters: start and end of each in Unicode code points."""
    hits: list[HitBody]
    """The hits: best first, or newest first where they are only listed."""

    @classmethod
    def of(cls, answer: Answer, lines: Iterable[str] = ()) -> Self:
        """Describe an answer to a query of such lines."""
        return cls(
            took_ms=round(answer.took_ms, 1),
            timings={stage.name: round(stage.ms, 2) for stage in answer.stages},
            total=answer.total,
            by_kind=dict(answer.by_kind),
            ranked=answer.ranked,
            confident=answer.confident,
            heard=list(answer.heard),
            restrictions=[find_restrictions(line) for line in lines],
            hits=[HitBody.of_hit(hit, answer) for hit in answer.hits],
        )


class PassageBody(BaseModel):
    """A passage of an item, and where it holds the words of a query."""

    passage: int
    """The passage's number."""
    kind: Kind
    """What its vector was made from."""
    text: str
    """Its words; empty for a picture."""
    marks: list[Span]
    """Where the text holds words of ``q``: start and end in Unicode code points."""
    page: int | None
    """The document's page, from 1."""
    char_start: int | None
    """Where its text starts on the page, or in the whole text where there are no pages."""
    char_end: int | None
    """Where it ends."""
    start: float | None
    """Seconds into the recording or film where it begins."""
    end: float | None
    """Seconds where it ends."""
    by_user: bool
    """Whether it is of the user's caption, and not of the file or its sidecars."""

    @classmethod
    def of(cls, passage_id: int, passage: Passage, query: Query) -> Self:
        """Describe a passage; the query's filters make no difference."""
        spans = marks(passage.text, wanted_words(query.terms), query.quotations)
        return cls(passage=passage_id, marks=spans, **asdict(passage))


def _describe(item: Item, seen_at: int | None = None) -> dict[str, Any]:
    content = item.content
    place = "" if seen_at is None else f"&passage={seen_at}"
    return {
        "item": item.id,
        "kind": content.kind,
        "path": str(item.file),
        "title": content.title,
        "mime": content.mime,
        "size": content.size,
        "modified_at": item.modified_at,
        "taken_at": content.taken_at,
        "width": content.width,
        "height": content.height,
        "duration": content.duration,
        "camera": content.camera,
        "latitude": content.latitude,
        "longitude": content.longitude,
        "language": content.language,
        "favourite": item.favourite,
        "caption": item.caption,
        "thumbnail": f"/api/v1/items/{item.id}/thumbnail?v={content.hash[:12]}{place}",
        "media": f"/api/v1/items/{item.id}/media",
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
