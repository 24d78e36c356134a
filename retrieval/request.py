"""How a query looks as JSON: what a client may send, and the query it becomes.

Requests are validated here and nowhere else; a value that cannot be used raises InvalidQuery with
one line for each field. The document of the API is made from these very models: what is said below
a field there is what a client reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from retrieval.decode.decoder import Decoder, Here
from retrieval.errors import InvalidQuery
from retrieval.media import Filters, Kind, Phrase, Query
from retrieval.request_terms import TAG, Request, TermBody
from retrieval.request_values import Bytes, HitCount, Lines, Moment, Rank, Seconds, Switch
from retrieval.search.language import MOST_TERMS, Line, read_lines
from retrieval.search.quotation import LONGEST_QUOTATION
from retrieval.search.restrictions import LONGEST_FOLDER, within

HERE = Here()

MOST_SEARCHES = 64
"""Of a batch."""


class FiltersBody(Request):
    """Which items may answer; all bounds are inclusive."""

    kind: list[Kind] = Field(default=[])
    """Kinds of items; none given means all."""
    folder: str = Field(default="", alias="in", max_length=LONGEST_FOLDER)
    """A folder, absolute or relative to an indexed one; its sub-folders count."""
    after: Moment | None = None
    """The earliest date (ISO 8601): when a picture was taken, else when the file was modified. A
    moment without a zone is local."""
    before: Moment | None = None
    """The latest date; a day without a time means its first moment."""
    min_size: Bytes | None = None
    """The fewest bytes of the file."""
    max_size: Bytes | None = None
    """The most bytes of the file."""
    min_duration: Seconds | None = None
    """The fewest seconds of a recording or video; what has no length does not pass."""
    max_duration: Seconds | None = None
    """The most seconds of a recording or video; what has no length does not pass."""
    favourite: Switch = False
    """``true`` for favourites only."""

    def as_filters(self) -> Filters:
        """Give the value the engine takes."""
        bounds = self.model_dump(include=FiltersBody.model_fields.keys() - {"kind", "folder"})
        return Filters(frozenset(self.kind), self.folder, **bounds)


class PhraseBody(Request):
    """Words that a hit's text must hold or must not hold."""

    words: Annotated[str, Field(pattern=r"\w", max_length=LONGEST_QUOTATION)]
    """The words, one after the other, in whatever case."""
    wanted: bool = True
    """``false`` where a hit's text must not hold them."""


class StretchBody(Request):
    """Which stretch of a ranking to answer with."""

    k: HitCount = 20
    """How many to answer with."""
    offset: Rank = 0
    """How many of the best to leave out: the pages before this one."""


class RankingBody(StretchBody):
    """Which stretch of a ranking to answer with, and how it is made."""

    exact: Switch = False
    """``true`` to look at every passage, however large the library."""
    fold: Switch = True
    """``false`` for near-duplicates as hits of their own, not behind the best of them."""


class SearchBody(RankingBody):
    """A search: things to look for, phrases and filters."""

    q: Lines = Field(default=[])
    """A line of the search box in its language, or several, each read by itself."""
    terms: Annotated[list[TermBody], Field(max_length=MOST_TERMS)] = Field(default=[])
    """Things to look for; those of ``q`` among them there are 16 at most."""
    phrases: Annotated[list[PhraseBody], Field(max_length=MOST_TERMS)] = Field(default=[])
    """Phrases that only restrict which items may answer."""
    filters: FiltersBody = FiltersBody()
    """Which items may answer; what ``q`` says of it applies as well, the narrower bound winning."""

    @cached_property
    def line(self) -> Line:
        """What the search box's lines say."""
        return read_lines(self.q)

    @property
    def restrictions(self) -> Query:
        """A query of the phrases and filters alone."""
        phrases = (Phrase(phrase.words, phrase.wanted) for phrase in self.phrases)
        filters = within(self.filters.as_filters(), self.line.filters)
        return Query(terms=(), filters=filters, phrases=(*self.line.phrases, *phrases))

    @model_validator(mode="after")
    def look_for_something(self) -> Self:
        """Refuse a query that looks for nothing and restricts nothing, or for too much."""
        count = len(self.terms) + len(self.line.terms)
        if count > MOST_TERMS:
            raise ValueError(f"terms: {count} things to look for; name {MOST_TERMS} at most.")
        if count == 0 and not self.restrictions.restricts:
            raise ValueError("q: say what to look for: words, a file, an item, or filters.")
        return self

    def as_query(self, decoder: Decoder = HERE) -> Query:
        """Decode the files and give the value the engine takes."""
        terms = (*self.line.terms, *(term.as_term(decoder) for term in self.terms))
        only = self.restrictions
        stretch = (self.k, self.offset)
        return Query(terms, only.filters, *stretch, only.phrases, self.exact, self.fold)


class BatchBody(Request):
    """Several searches that are answered together."""

    searches: Annotated[list[SearchBody], Field(min_length=1, max_length=MOST_SEARCHES)]
    """Searches, 64 at most, each as `POST /api/v1/search` takes it."""


def parse_batch(text: str | bytes) -> BatchBody:
    """Read several requests in JSON, or raise InvalidQuery with a line for each field at fault."""
    with naming_faults():
        return BatchBody.model_validate_json(text, strict=True)


def parse_search(text: str | bytes) -> SearchBody:
    """Read a request in JSON, or raise InvalidQuery with a line for each field at fault."""
    with naming_faults():
        return SearchBody.model_validate_json(text, strict=True)


@contextmanager
def naming_faults(*place: str) -> Iterator[None]:
    """Raise InvalidQuery, with a line for each field at fault, where a model refuses data.

    ``place`` names the field that the data stands in.
    """
    try:
        yield
    except ValidationError as error:
        raise InvalidQuery("\n".join(_line(fault, place) for fault in error.errors())) from error


def _line(error: ErrorDetails, place: Sequence[str]) -> str:
    parts = map(str, (*place, *error["loc"]))
    where = ".".join(part for part in parts if not part.startswith(TAG))
    said = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        said = "there is no such field"
    if not where:
        return said if error["type"] == "value_error" else f"query: {said}"
    return f"{where}: {said}"
