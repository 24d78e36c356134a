"""The things that a query may look for, as JSON: words, files, an item, a vector.

A class for each, so that a term which names several things, or none, is refused by its shape.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from retrieval.decode.decoder import Decoder
from retrieval.errors import InvalidQuery
from retrieval.media import ImageTerm, ItemTerm, SpeechTerm, Term, TextTerm, VectorTerm
from retrieval.request_values import MOST_COMPONENTS, Component, ItemNumber, Weight
from retrieval.search.language import LONGEST
from retrieval.settings import settings


class Request(BaseModel):
    """What a client may send: unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid")


class FileBody(Request):
    """The bytes of a picture or recording."""

    base64: Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]
    """The file's bytes in base64; what a ``data:`` address holds before them does no harm."""

    def decoded(self) -> bytes:
        """Give the bytes, or raise InvalidQuery."""
        try:
            return base64.b64decode(
                self.base64.partition("base64,")[2] or self.base64, validate=True
            )
        except (binascii.Error, ValueError) as error:
            raise InvalidQuery(
                "A file in the query is not valid base64; encode its bytes anew."
            ) from error


class Weighted(Request):
    """A thing to look for, and how much it counts."""

    names: ClassVar[str]
    """The field by which a term is known to be of this class."""

    weight: Weight = 1.0
    """How much the term counts; a negative one means "less like this"."""


class TextTermBody(Weighted):
    """Words whose meaning to look for, as they stand."""

    names = "text"
    text: Annotated[str, Field(max_length=LONGEST, pattern=r"\S")]
    """Words in any language."""

    def as_term(self, _decoder: Decoder) -> Term:
        """Give the value the engine takes."""
        return TextTerm(self.text, self.weight)


class ImageTermBody(Weighted):
    """A picture to look for others like."""

    names = "image"
    image: FileBody
    """The file of the picture."""

    def as_term(self, decoder: Decoder) -> Term:
        """Decode the picture."""
        data = self.image.decoded()
        return ImageTerm(decoder.open_picture(data).image, self.weight, sha256(data).hexdigest())


class AudioTermBody(Weighted):
    """A recording, to look for what is said in it."""

    names = "audio"
    audio: FileBody
    """The file of the recording."""

    def as_term(self, decoder: Decoder) -> Term:
        """Decode the recording."""
        sound = decoder.read_sound(self.audio.decoded(), settings().max_query_seconds)
        return SpeechTerm(sound, self.weight)


class ItemTermBody(Weighted):
    """An item of the library to look for others like."""

    names = "item"
    item: ItemNumber
    """The item's number."""

    def as_term(self, _decoder: Decoder) -> Term:
        """Give the value the engine takes."""
        return ItemTerm(self.item, self.weight)


class VectorTermBody(Weighted):
    """A vector of the library's own encoder, to look for what is near to it."""

    names = "vector"
    vector: Annotated[list[Component], Field(min_length=1, max_length=MOST_COMPONENTS)]
    """As many components as the encoder gives, see `/api/v1/stats`; its length does not matter."""

    def as_term(self, _decoder: Decoder) -> Term:
        """Give the value the engine takes."""
        return VectorTerm(tuple(self.vector), self.weight)


TERMS = (TextTermBody, ImageTermBody, AudioTermBody, ItemTermBody, VectorTermBody)
TAG = "term of "


def _tag(value: Any) -> str | None:
    """Tell which of the things that a term may name it does name; None for none or several."""
    if isinstance(value, Weighted):
        return TAG + value.names
    named = [term.names for term in TERMS if isinstance(value, dict) and term.names in value]
    return TAG + named[0] if len(named) == 1 else None


TermBody = Annotated[
    Annotated[TextTermBody, Tag(f"{TAG}text")]
    | Annotated[ImageTermBody, Tag(f"{TAG}image")]
    | Annotated[AudioTermBody, Tag(f"{TAG}audio")]
    | Annotated[ItemTermBody, Tag(f"{TAG}item")]
    | Annotated[VectorTermBody, Tag(f"{TAG}vector")],
    Discriminator(
        _tag,
        custom_error_type="term",
        custom_error_message="a term has exactly one of text, image, audio, item and vector",
    ),
]
