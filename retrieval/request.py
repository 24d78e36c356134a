"""How a query looks as JSON: what a client may send, and the query it becomes.

Requests are validated here and nowhere else; a value that cannot be used raises InvalidQuery with
one line for each field.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from retrieval.decode.decoder import Decoder, Here
from retrieval.errors import InvalidQuery
from retrieval.media import (
    Filters,
    ImageTerm,
    ItemTerm,
    Kind,
    Phrase,
    Query,
    SpeechTerm,
    Term,
    TextTerm,
)
from retrieval.search.language import LONGEST, LONGEST_QUOTATION, MOST_TERMS, Line, read_lines
from retrieval.search.restrictions import LONGEST_FOLDER, MOST_BYTES, within
from retrieval.settings import settings

HERE = Here()


def _as_local(moment: datetime) -> datetime:
    try:
        return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError as error:
        raise ValueError("this moment is outside the local calendar") from error


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


Weight = Annotated[float, Field(ge=-10, le=10)]
Moment = Annotated[datetime, AfterValidator(_as_local)]
Bytes = Annotated[int, Field(ge=0, lt=MOST_BYTES)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Lines = Annotated[
    list[Annotated[str, Field(max_length=LONGEST)]],
    Field(max_length=MOST_TERMS),
    BeforeValidator(_as_list),
]


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

    def as_term(self, decoder: Decoder) -> Term:
        """Decode the term's file, if it has one."""
        if self.text is not None:
            return TextTerm(self.text, self.weight)
        if self.image is not None:
            data = self.image.decoded()
            return ImageTerm(
                decoder.open_picture(data).image, self.weight, sha256(data).hexdigest()
            )
        if self.audio is not None:
            sound = decoder.read_sound(self.audio.decoded(), settings().max_query_seconds)
            return SpeechTerm(sound, self.weight)
        assert self.item is not None
        return ItemTerm(self.item, self.weight)


class FiltersBody(Request):
    """Which items may answer."""

    kind: list[Kind] = []
    folder: str = Field(default="", alias="in", max_length=LONGEST_FOLDER)
    after: Moment | None = None
    before: Moment | None = None
    min_size: Bytes | None = None
    max_size: Bytes | None = None
    min_duration: Seconds | None = None
    max_duration: Seconds | None = None

    def as_filters(self) -> Filters:
        """Give the value the engine takes."""
        bounds = self.model_dump(exclude={"kind", "folder"})
        return Filters(frozenset(self.kind), self.folder, **bounds)


class PhraseBody(Request):
    """Words that a hit's text must hold or must not hold."""

    words: Annotated[str, Field(pattern=r"\w", max_length=LONGEST_QUOTATION)]
    wanted: bool = True


class SearchBody(Request):
    """A search request; ``q`` is a line of the search box, or several, each read by itself."""

    q: Lines = []
    terms: Annotated[list[TermBody], Field(max_length=MOST_TERMS)] = []
    phrases: Annotated[list[PhraseBody], Field(max_length=MOST_TERMS)] = []
    filters: FiltersBody = FiltersBody()
    k: Annotated[int, Field(ge=1, le=1000)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    exact: bool = False
    fold: bool = True

    @cached_property
    def line(self) -> Line:
        """What the search box's lines say."""
        return read_lines(self.q)

    def as_query(self, decoder: Decoder = HERE) -> Query:
        """Decode the files and give the value the engine takes."""
        line = self.line
        phrases = (Phrase(phrase.words, phrase.wanted) for phrase in self.phrases)
        return Query(
            terms=(*line.terms, *(term.as_term(decoder) for term in self.terms)),
            filters=within(self.filters.as_filters(), line.filters),
            k=self.k,
            offset=self.offset,
            phrases=(*line.phrases, *phrases),
            exact=self.exact,
            fold=self.fold,
        )


def parse_search(data: Any) -> SearchBody:
    """Validate a request, or raise InvalidQuery with a line for each field at fault."""
    body = parse_filters(data)
    count = len(body.terms) + len(body.line.terms)
    if count > MOST_TERMS:
        raise InvalidQuery(f"terms: {count} things to look for; name {MOST_TERMS} at most.")
    if count == 0 and not body.as_query().restricts:
        raise InvalidQuery("q: say what to look for: words, a file, an item, or filters.")
    return body


def parse_filters(data: Any) -> SearchBody:
    """Validate a request that need not look for anything: only filters and a stretch."""
    try:
        return SearchBody.model_validate(data)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'query'}: {e['msg']}" for e in error.errors()]
        raise InvalidQuery("\n".join(lines)) from error
