"""How a query and an answer look as JSON, for the HTTP API and for ``--json`` alike.

Requests are validated here and nowhere else; a value that cannot be used raises InvalidQuery with
one line for each field.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from retrieval.decode.pictures import open_picture
from retrieval.errors import InvalidQuery
from retrieval.library import Info
from retrieval.media import (
    Answer,
    Filters,
    Hit,
    ImageTerm,
    Item,
    ItemTerm,
    Kind,
    Query,
    SpeechTerm,
    Term,
    TextTerm,
)

SNIPPET = 800
"""Characters of a passage's words that travel with a hit."""

Weight = Annotated[float, Field(ge=-10, le=10)]


class Request(BaseModel):
    """What a client may send: unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FileBody(Request):
    """The bytes of a picture or recording."""

    base64: str

    def decoded(self) -> bytes:
        """Give the bytes, or raise InvalidQuery."""
        try:
            return base64.b64decode(
                self.base64.partition("base64,")[2] or self.base64, validate=True
            )
        except binascii.Error as error:
            raise InvalidQuery(
                "A file in the query is not valid base64; encode its bytes anew."
            ) from error


class TermBody(Request):
    """Exactly one of text, image, audio and item, with a weight that may be negative."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    image: FileBody | None = None
    audio: FileBody | None = None
    item: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    weight: Weight = 1.0

    @model_validator(mode="after")
    def name_one_thing(self) -> Self:
        """Refuse a term that names no thing to look for, or several."""
        if sum(value is not None for value in (self.text, self.image, self.audio, self.item)) != 1:
            raise ValueError("a term has exactly one of text, image, audio and item")
        return self

    def as_term(self) -> Term:
        """Decode the term's file, if it has one."""
        if self.text is not None:
            return TextTerm(self.text, self.weight)
        if self.image is not None:
            data = self.image.decoded()
            return ImageTerm(open_picture(data).image, self.weight, sha256(data).hexdigest())
        if self.audio is not None:
            return SpeechTerm(self.audio.decoded(), self.weight)
        assert self.item is not None
        return ItemTerm(self.item, self.weight)


class FiltersBody(Request):
    """Which items may answer."""

    kind: list[Kind] = []
    folder: str = Field(default="", alias="in", max_length=4096)
    after: datetime | None = None
    before: datetime | None = None

    def as_filters(self) -> Filters:
        """Give the value the engine takes."""
        return Filters(frozenset(self.kind), self.folder, self.after, self.before)


class SearchBody(Request):
    """A search request."""

    terms: Annotated[list[TermBody], Field(min_length=1, max_length=16)]
    filters: FiltersBody = FiltersBody()
    k: Annotated[int, Field(ge=1, le=1000)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    def as_query(self) -> Query:
        """Decode the files and give the value the engine takes."""
        terms = tuple(term.as_term() for term in self.terms)
        return Query(terms, self.filters.as_filters(), self.k, self.offset)


def parse_search(data: Any) -> SearchBody:
    """Validate a request, or raise InvalidQuery with a line for each field at fault."""
    try:
        return SearchBody.model_validate(data)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'query'}: {e['msg']}" for e in error.errors()]
        raise InvalidQuery("\n".join(lines)) from error


class ItemBody(BaseModel):
    """A file of the library."""

    item: int
    kind: Kind
    path: str
    title: str
    mime: str
    size: int
    modified_at: datetime
    taken_at: datetime | None
    width: int | None
    height: int | None
    duration: float | None
    thumbnail: str
    media: str

    @classmethod
    def of(cls, item: Item) -> Self:
        """Describe an item, with the addresses of its thumbnail and its bytes."""
        return cls(**_describe(item))


class HitBody(ItemBody):
    """An item of an answer, with its best passage."""

    passage: int
    score: float
    similarity: float
    snippet: str
    page: int | None
    start: float | None
    end: float | None
    passages: int

    @classmethod
    def of_hit(cls, hit: Hit) -> Self:
        """Describe a hit."""
        passage = hit.passage
        return cls(
            **_describe(hit.item),
            passage=hit.passage_id,
            score=round(hit.score, 4),
            similarity=round(hit.similarity, 4),
            snippet=_shorten(passage.text),
            page=passage.page,
            start=passage.start,
            end=passage.end,
            passages=hit.passages,
        )


class AnswerBody(BaseModel):
    """The reply to a search."""

    ok: bool = True
    took_ms: float
    total: int
    confident: bool
    heard: list[str]
    hits: list[HitBody]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Describe an answer."""
        return cls(
            took_ms=round(answer.took_ms, 1),
            total=answer.total,
            confident=answer.confident,
            heard=list(answer.heard),
            hits=[HitBody.of_hit(hit) for hit in answer.hits],
        )


class FailureBody(BaseModel):
    """A file that could not be read."""

    path: str
    reason: str


class EncoderBody(BaseModel):
    """The encoder a library is bound to."""

    name: str
    revision: str
    dim: int
    fingerprint: str


class IndexBody(BaseModel):
    """What the vectors are kept in."""

    type: str
    vectors: int
    bytes: int


class InfoBody(BaseModel):
    """What a library holds, and how."""

    ok: bool = True
    library: str
    roots: list[str]
    items: int
    passages: int
    by_kind: dict[Kind, int]
    failures: list[FailureBody]
    encoder: EncoderBody
    index: IndexBody

    @classmethod
    def of(cls, info: Info) -> Self:
        """Describe a library."""
        encoder = info.encoder
        return cls(
            library=str(info.path),
            roots=[str(root.path) for root in info.roots],
            items=info.items,
            passages=info.passages,
            by_kind=info.by_kind,
            failures=[FailureBody(path=f.path, reason=f.reason) for f in info.failures],
            encoder=EncoderBody(
                name=encoder.name,
                revision=encoder.revision,
                dim=encoder.dim,
                fingerprint=encoder.fingerprint,
            ),
            index=IndexBody(**asdict(info.index)),
        )


def _describe(item: Item) -> dict[str, Any]:
    content = item.content
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
        "thumbnail": f"/api/v1/items/{item.id}/thumbnail?v={content.hash[:12]}",
        "media": f"/api/v1/items/{item.id}/media",
    }


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SNIPPET else words[: SNIPPET - 1].rstrip() + "…"
