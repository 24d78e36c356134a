"""What each address of the API takes and answers, by models; nothing is said twice here.

Paths and methods come from the routes, words from the views' docstrings, fields from the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from retrieval.alike.body import DuplicatesBody
from retrieval.explain.body import ExplanationBody
from retrieval.export import FORMS
from retrieval.info_body import InfoBody
from retrieval.request import BatchBody, RankingBody, SearchBody
from retrieval.wire import AnswerBody
from webui.atlas import MapReply
from webui.fields import (
    DuplicatesFields,
    PassagesFields,
    SearchFields,
    SearchForm,
    TimelineFields,
)
from webui.indexing import JobBody, JobReply, JobsReply
from webui.overview import FoldersReply, HoldingsReply, TimelineReply
from webui.placement import PlacementFields, PlacementReply
from webui.remarks import ForgottenReply, RemarksBody, RemarksReply
from webui.replies import AliveReply, BatchReply, ItemReply, PlacesReply, ReadyReply

REFUSALS: Mapping[int, str] = {
    400: "The query cannot be used; each line of `errors` names a field.",
    401: "The server demands a token, and it is missing or wrong.",
    403: "The request was addressed to another host.",
    404: "There is no such item or address.",
    405: "Not with this method; `Allow` says with which.",
    409: "Another version of the encoder made the library, or it is being written to.",
    413: "The upload is too large.",
    415: "The body or an upload is of a type that cannot be used.",
    416: "The file has no such range of bytes.",
    422: "An upload, or the item's file, cannot be decoded.",
    429: "Too many requests without the token.",
    503: "The library cannot be read just now, or a model is missing.",
}
EVERYWHERE = (401, 403, 409, 429, 503)
OF_QUERIES = (400, 404, 413, 415, 422)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A reply that is no JSON."""

    mime: str
    ranges: bool = False
    """Whether parts of it may be asked for."""
    tagged: bool = True
    """Whether it is known by an entity tag, and not sent again to those who have it."""
    said: str = "The bytes."
    """What they are."""


class PictureFields(BaseModel):
    """Which picture of an item to send; see ``webui.media``."""

    passage: Annotated[int, Field(ge=0, lt=10**18)] | None = None
    """The number of a passage, for what is to be seen there: a moment of a film, a page."""
    v: str | None = None
    """What the content is known by, as addresses in replies have it: then it is kept for long."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one view takes and answers."""

    tag: str
    answers: type[BaseModel] | Bytes
    fields: type[BaseModel] | None = None
    """In the address of a GET."""
    body: type[BaseModel] | None = None
    """In JSON, of a POST or PATCH."""
    form: type[BaseModel] | None = None
    """With files, of a POST."""
    refusals: tuple[int, ...] = ()
    """Beside those of every address."""
    statuses: tuple[int, ...] = (200,)
    """With which it answers in this shape."""
    is_open: bool = False
    """Whether it is answered without a token, to whoever asks."""


SEARCH = Operation("Search", AnswerBody, SearchFields, SearchBody, SearchForm, OF_QUERIES)
EXPLAIN = Operation("Items", ExplanationBody, SearchFields, SearchBody, SearchForm, OF_QUERIES)
PLACES = Operation("Items", PlacesReply, SearchFields, SearchBody, SearchForm, OF_QUERIES)
PICTURES = (400, 404, 413, 415, 422)
EXPORT = {name: Operation("Export", Bytes(form.mime, tagged=False)) for name, form in FORMS.items()}

OPERATIONS: Mapping[str, Operation] = {
    "api.search": SEARCH,
    "batch.search_batch": Operation("Search", BatchReply, body=BatchBody, refusals=OF_QUERIES),
    "api.similar": Operation("Search", AnswerBody, RankingBody, refusals=(400, 404)),
    "api.item": Operation("Items", ItemReply, PassagesFields, refusals=(400, 404)),
    "explanations.explain": EXPLAIN,
    "placement.placement": Operation(
        "Items", PlacementReply, PlacementFields, refusals=(400, 404, 413, 422)
    ),
    "remarks.remark": Operation(
        "Items", RemarksReply, body=RemarksBody, refusals=(400, 404, 413, 415)
    ),
    "remarks.forget": Operation("Items", ForgottenReply, refusals=(404,)),
    "api.places": PLACES,
    "api.duplicates": Operation("Library", DuplicatesBody, DuplicatesFields, refusals=(400,)),
    "api.stats": Operation("Library", InfoBody),
    "overview.holdings": Operation("Library", HoldingsReply),
    "overview.folders": Operation("Library", FoldersReply),
    "overview.timeline": Operation("Library", TimelineReply, TimelineFields, refusals=(400,)),
    "atlas.library_map": Operation("Library", MapReply, statuses=(200, 202)),
    "exports.items_csv": EXPORT["items.csv"],
    "exports.items_jsonl": EXPORT["items.jsonl"],
    "exports.passages_jsonl": EXPORT["passages.jsonl"],
    "exports.vectors_npy": EXPORT["vectors.npy"],
    "indexing.begin": Operation(
        "Indexing", JobReply, body=JobBody, refusals=(400, 413, 415), statuses=(202,)
    ),
    "indexing.jobs": Operation("Indexing", JobsReply),
    "indexing.job": Operation("Indexing", JobReply, refusals=(404,)),
    "indexing.stop": Operation("Indexing", JobReply, refusals=(404,)),
    "indexing.events": Operation(
        "Indexing", Bytes("text/event-stream", tagged=False, said="What happens."), refusals=(404,)
    ),
    "media.thumbnail": Operation("Files", Bytes("image/jpeg"), PictureFields, refusals=PICTURES),
    "media.preview": Operation("Files", Bytes("image/jpeg"), PictureFields, refusals=PICTURES),
    "media.media": Operation("Files", Bytes("*/*", ranges=True), refusals=(404, 416)),
    "health.alive": Operation("Library", AliveReply, is_open=True),
    "health.ready": Operation("Library", ReadyReply, refusals=(503,), is_open=True),
}
"""By endpoint."""

TAGS: Mapping[str, str] = {
    "Search": "Look for items by words, pictures, sound and items, in any mix.",
    "Items": "One item, its passages, why it matches, and what you say of it.",
    "Indexing": "Bring the library up to date: begin a run of the indexer, watch it, stop it.",
    "Files": "The bytes of items: small pictures, previews and the files themselves.",
    "Export": "The library as files that other programs read; each is of one instant.",
    "Library": "What the library holds, and whether it can answer.",
}
