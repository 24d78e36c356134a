"""The open_clip models worth choosing from, and short names for four of them.

The table is ``curated.json``, from small models to large. Its recalls are copied from the page
that a row names as its source, and what that page leaves out stays out; dimensions and
repositories are open_clip's (tested against it), parameters are counted on its architectures, and
licences are those of the model cards.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.encoders.openclip.hub import Repositories
from retrieval.encoders.openclip.published import PublishedModel, Recalls, Retrieval

TABLE = Path(__file__).with_name("curated.json")

ALIASES = {
    "fast": "openclip:ViT-B-32/laion2b_s34b_b79k",
    "balanced": "openclip:ViT-B-16-SigLIP/webli",
    "best": "openclip:ViT-SO400M-16-SigLIP2-384/webli",
    "multilingual": "openclip:ViT-B-16-SigLIP2-256/webli",
}
"""Names for a purpose; the licences of all four (MIT, Apache 2.0) allow any use."""


def resolve(name: str) -> str:
    """Give the encoder that an alias stands for, or the name itself."""
    return ALIASES.get(name, name)


@cache
def curated() -> tuple[PublishedModel, ...]:
    """Read the table."""
    return tuple(_model(row) for row in json.loads(TABLE.read_bytes()))


def _model(row: dict[str, Any]) -> PublishedModel:
    return PublishedModel(
        **{
            **row,
            "repositories": Repositories(**row["repositories"]),
            "flickr30k": _retrieval(row.get("flickr30k")),
            "coco": _retrieval(row.get("coco")),
        }
    )


def _retrieval(recalls: dict[str, list[float]] | None) -> Retrieval | None:
    if recalls is None:
        return None
    return Retrieval(Recalls(*recalls["text_to_image"]), Recalls(*recalls["image_to_text"]))
