"""A search as an address or a form gives it: flat fields, each of them text.

The models say which fields there are; what stands in them is validated as in a JSON request. A
field that takes several values may be repeated; kinds and items may also be joined by commas. A
bound that was left empty, as forms send it, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema

from retrieval.media import Filters, Kind
from retrieval.request import FiltersBody, RankingBody, SearchBody, StretchBody, naming_faults
from retrieval.request_terms import ItemTermBody, Request, TermBody
from retrieval.request_values import ItemNumber, ListOfLines
from retrieval.search.language import MOST_TERMS, read_lines
from retrieval.search.restrictions import within

PASSAGES, MOST_PASSAGES = 200, 2000
"""Passages of an item that travel in one reply: unless the client says otherwise; at most."""

FILES = ("image", "audio")


def _split(values: Iterable[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Kinds = Annotated[list[Kind], BeforeValidator(_split)]
Items = Annotated[list[ItemNumber], Field(max_length=MOST_TERMS), BeforeValidator(_split)]
File = Annotated[
    str, WithJsonSchema({"type": "string", "contentMediaType": "application/octet-stream"})
]
"""Of an upload; in base64 once it has been read."""
TermText = Annotated[str, Field(json_schema_extra={"contentMediaType": "application/json"})]

TERMS: TypeAdapter[list[TermBody]] = TypeAdapter(
    Annotated[list[TermBody], BeforeValidator(_as_list)]
)


class FilterFields(FiltersBody):
    """Which items may answer, in flat fields."""

    kind: Kinds = Field(default=[])
    """Kinds of items; may be repeated."""

    def as_body(self) -> FiltersBody:
        """Give the filters as a JSON request has them."""
        return FiltersBody.model_validate(
            self.model_dump(by_alias=True, include=set(FiltersBody.model_fields))
        )


class SearchFields(FilterFields, RankingBody):
    """A search in flat fields."""

    q: ListOfLines = Field(default=[])
    """A line of the search box in its language; may be repeated, each line read by itself."""
    item: Items = Field(default=[])
    """The number of an item to look for others like; may be repeated."""

    def as_search(self, terms: Iterable[TermBody] = ()) -> SearchBody:
        """Give the search as a JSON request has it, with terms that no flat field holds."""
        items = [ItemTermBody(item=number) for number in self.item]
        stretch = self.model_dump(include=set(RankingBody.model_fields))
        return SearchBody(q=self.q, terms=[*items, *terms], filters=self.as_body(), **stretch)


class SearchForm(SearchFields):
    """A search as ``multipart/form-data``: the flat fields, terms in JSON, and files."""

    terms: list[TermText] = Field(default=[])
    """A term, or a list of terms, in JSON; may be repeated."""
    image: list[File] = Field(default=[])
    """The file of a picture to look for others like; may be repeated."""
    audio: list[File] = Field(default=[])
    """The file of a recording, to look for what is said in it; may be repeated."""

    def as_form(self) -> SearchBody:
        """Give the search as a JSON request has it; files are in base64 by now."""
        with naming_faults("terms"):
            terms = [term for text in self.terms for term in TERMS.validate_json(text, strict=True)]
        for name in FILES:
            files = getattr(self, name)
            terms += TERMS.validate_python([{name: {"base64": file}} for file in files])
        return self.as_search(terms)


class TimelineFields(FilterFields):
    """Which items to count, in flat fields."""

    q: ListOfLines = Field(default=[])
    """A line of the search box, whose filters count as well; may be repeated."""

    def as_filters(self) -> Filters:
        """Give the value the library takes."""
        return within(self.as_body().as_filters(), read_lines(self.q).filters)


class DuplicatesFields(FilterFields, StretchBody):
    """Which groups of duplicates to answer with."""

    def as_filters(self) -> Filters:
        """Give the value the library takes."""
        return self.as_body().as_filters()


class PassagesFields(Request):
    """Which passages of an item to answer with, and what to mark in them."""

    q: ListOfLines = Field(default=[])
    """Lines of the search box, whose words and phrases are marked; may be repeated."""
    limit: Annotated[int, Field(ge=0, le=MOST_PASSAGES)] = PASSAGES
    """How many passages to answer with."""
    offset: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """How many passages to leave out before them."""
    around: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    """The number of a passage to have in the middle, whatever the offset."""

    def start_among(self, numbers: Sequence[int]) -> int:
        """Say which passage to begin with, given the numbers of those that are the file's own."""
        if self.around in numbers:
            return max(0, numbers.index(self.around) - self.limit // 2)
        return self.offset
