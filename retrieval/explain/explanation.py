"""Why an item matches a query: what in its passage does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import NotFound
from retrieval.explain.spans import Spans, explain_text
from retrieval.media import Item, Kind, Passage

if TYPE_CHECKING:
    from retrieval.decode.decoder import Decoder
    from retrieval.explain.regions import Regions


@dataclass(frozen=True, slots=True)
class Explanation:
    """What in a passage matches: regions of a picture, sentences and words of a text."""

    item: Item
    passage_id: int
    regions: Regions | None
    """None where the item is no picture."""
    spans: Spans


def explain(
    vector: Vectors,
    item: Item,
    passage_id: int,
    passage: Passage,
    encoder: Encoder,
    decoder: Decoder,
) -> Explanation:
    """Find what in an item's passage matches a query's unit vector.

    Raise NotFound where the picture's file is gone, and UnreadableMedia where it was damaged.
    """
    pictured = passage.kind is Kind.IMAGE and item.content.kind is Kind.IMAGE
    regions = _regions(vector, item, passage, encoder, decoder) if pictured else None
    return Explanation(item, passage_id, regions, explain_text(passage.text, vector, encoder))


def passage_to_explain(
    vector: Vectors, item: Item, wanted: int | None, catalog: Catalog
) -> tuple[int, Passage]:
    """Give the passage wanted of an item, or if it has none such the one most like a unit vector.

    A passage goes when its caption is written anew, or its file is. Raise NotFound where the item
    has none at all.
    """
    passages = dict(catalog.passages(item))
    if not passages:
        raise NotFound(f"Item {item.id} has no words or picture that could match.")
    if wanted not in passages:
        stored = catalog.embeddings.of(np.array(list(passages), np.int64))
        wanted = int(stored.ids[(stored.vectors @ vector).argmax()])
    return wanted, passages[wanted]


def _regions(
    vector: Vectors, item: Item, passage: Passage, encoder: Encoder, decoder: Decoder
) -> Regions:
    from retrieval.explain.regions import explain_picture

    if not item.file.is_file():
        raise NotFound(f"{item.file} is no longer there; index its folder again.")
    shown = decoder.frame_at(item.file, passage.page, passage.start)
    return explain_picture(shown, vector, encoder)
