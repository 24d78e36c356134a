"""What clients of clip-retrieval ask, answered in its own shape, so that they need no change.

``ClipClient`` sends JSON without saying so, and fields of models that there are none of here; those
are accepted and do nothing. An ``id`` is an item's number. An address is never fetched: a client
that has one sends the picture instead. See github.com/rom1504/clip-retrieval, ``clip_back.py``.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Literal, Self

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from retrieval.errors import InvalidQuery
from retrieval.library import Library
from retrieval.media import Filters, Hit, Item, Kind, Query
from retrieval.request import naming_faults
from retrieval.request_terms import FileBody, ImageTermBody, TextTermBody, VectorTermBody
from retrieval.request_values import MOST_COMPONENTS, MOST_HITS, Component, ItemNumber
from webui.current import current_decoder, current_library

blueprint = Blueprint("clip_service", __name__)

INDEX = "triptych"
"""The one index there is; whatever a client calls it, it is meant."""

KINDS = {"image": {Kind.IMAGE, Kind.VIDEO}, "text": {Kind.TEXT, Kind.AUDIO}}

Count = Annotated[int, Field(ge=1)]


class KnnBody(BaseModel):
    """A search as clip-retrieval takes it; the first of its four that is given counts."""

    text: str | None = None
    image: str | None = None
    image_url: str | None = None
    embedding_input: Annotated[list[Component], Field(max_length=MOST_COMPONENTS)] | None = None
    modality: Literal["image", "text"] = "image"
    num_images: Count
    num_result_ids: Count | None = None
    deduplicate: bool = False

    def as_query(self) -> Query:
        """Give the value the engine takes; more hits than it gives are cut off."""
        wanted = min(max(self.num_images, self.num_result_ids or 0), MOST_HITS)
        filters = Filters(frozenset(KINDS[self.modality]))
        term = self._term().as_term(current_decoder())
        return Query((term,), filters, k=wanted, fold=self.deduplicate)

    def _term(self) -> TextTermBody | ImageTermBody | VectorTermBody:
        if self.text:
            return TextTermBody(text=self.text)
        if self.image:
            return ImageTermBody(image=FileBody(base64=self.image))
        if self.image_url:
            raise InvalidQuery("image_url: addresses are not fetched; send the picture as image.")
        if self.embedding_input:
            return VectorTermBody(vector=self.embedding_input)
        raise InvalidQuery("text: say what to look for: text, image or embedding_input.")


class MetadataBody(BaseModel):
    """Items to describe."""

    ids: Annotated[list[ItemNumber], Field(max_length=MOST_HITS)]


class FoundBody(BaseModel):
    """A hit, before it is described."""

    id: int
    similarity: float | None

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Give a hit's number and similarity."""
        return cls(id=hit.item.id, similarity=hit.similarity)


class DescriptionBody(BaseModel):
    """What clients of clip-retrieval show of an item."""

    url: str
    caption: str
    image_path: str
    image: str | None
    """A small JPEG in base64."""

    @classmethod
    def of(cls, library: Library, item: Item, said: str = "") -> Self:
        """Describe an item, by what it says where that is known."""
        thumbnail = library.thumbnails.find(item.content.hash)
        return cls(
            url=f"{request.host_url}api/v1/items/{item.id}/media",
            caption=said or item.content.title or item.file.stem,
            image_path=str(item.file),
            image=b64encode(thumbnail.read_bytes()).decode("ascii") if thumbnail else None,
        )


class MetadataReply(BaseModel):
    """An item's number and its description."""

    id: int
    metadata: DescriptionBody


@blueprint.post("/knn-service")
def search() -> ResponseReturnValue:
    """Answer with the nearest items; those beyond ``num_images`` by number and similarity only."""
    with naming_faults():
        body = KnnBody.model_validate_json(request.get_data())
        query = body.as_query()
    library = current_library()
    replies = []
    for rank, hit in enumerate(library.search(query).hits):
        replies.append(FoundBody.of(hit).model_dump())
        if rank < body.num_images:
            description = DescriptionBody.of(library, hit.item, hit.passage.text)
            replies[rank] |= description.model_dump(exclude_none=True)
    return replies


@blueprint.post("/metadata")
def metadata() -> ResponseReturnValue:
    """Describe items by their numbers."""
    with naming_faults():
        body = MetadataBody.model_validate_json(request.get_data())
    library = current_library()
    items = [library.item(number) for number in body.ids]
    replies = [MetadataReply(id=i.id, metadata=DescriptionBody.of(library, i)) for i in items]
    return [reply.model_dump(exclude_none=True) for reply in replies]


@blueprint.get("/indices-list")
def indices() -> ResponseReturnValue:
    """Name the one index."""
    return [INDEX]
