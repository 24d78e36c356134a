"""The map of the library for the page that shows it: items and their places, by kind.

Numbers travel in columns, so that 100,000 items are a few megabytes before compression.
"""

from __future__ import annotations

from typing import Literal, Self, cast

import numpy as np
from flask import Blueprint, Response, current_app
from pydantic import BaseModel

from retrieval.catalog.overview import FirstFiles
from retrieval.map.cartographer import Cartographer
from retrieval.map.drawing import Map
from retrieval.media import Kind
from webui.current import current_library

blueprint = Blueprint("atlas", __name__, url_prefix="/api/v1")

KEPT = "triptych map"
SOON = 1
"""Seconds after which to ask again for a map that is being drawn."""
FINE = 5
"""Decimals of a place."""


class PlacesBody(BaseModel):
    """The items of a kind and their places; the lists run in parallel."""

    kind: Kind
    """What they are."""
    items: list[int]
    """The items' numbers."""
    x: list[float]
    """From left to right, 0 to 1."""
    y: list[float]
    """From top to bottom, 0 to 1."""

    @classmethod
    def of(cls, files: FirstFiles, drawn: Map) -> Self:
        """Say where on a map the items of a kind are, as far as they are on it."""
        _, theirs, on_map = np.intersect1d(
            files.contents, drawn.contents, assume_unique=True, return_indices=True
        )
        x, y = np.round(drawn.places[on_map].astype(np.float64), FINE).T.tolist()
        return cls(kind=files.kind, items=files.items[theirs].tolist(), x=x, y=y)


class MapReply(BaseModel):
    """The map of the library; or that it is being drawn, with status 202, and no places."""

    ok: Literal[True] = True
    """Always true."""
    drawn: bool
    """False while the first map is being drawn: ask again after ``Retry-After`` seconds."""
    current: bool
    """False where the library has changed since: a newer map is being drawn."""
    total: int
    """How many different contents the library holds; beyond 100,000 not all are on the map."""
    places: list[PlacesBody]
    """Where the items are: of files with the same content the first, and none without vectors."""


@blueprint.get("/map")
def library_map() -> Response:
    """Give the items' places on a map on which those that are alike are near each other.

    It is drawn when it is first asked for, and again when the library has changed: the first time
    the reply is 202 and says after how many seconds to ask again.
    """
    cartographer = _current_cartographer()
    sheet = cartographer.map()
    files = current_library().catalog.overview.first_files()
    total = sum(len(one.contents) for one in files)
    places = [] if sheet is None else [PlacesBody.of(one, sheet.map) for one in files]
    reply = MapReply(
        drawn=sheet is not None,
        current=cartographer.is_current(sheet),
        total=total,
        places=[one for one in places if one.items],
    )
    status, headers = (200, {}) if reply.drawn else (202, {"Retry-After": str(SOON)})
    return Response(reply.model_dump_json(), status, headers, mimetype="application/json")


def _current_cartographer() -> Cartographer:
    """Give the one cartographer of the application's library."""
    kept = current_app.extensions
    if KEPT not in kept:
        kept.setdefault(KEPT, Cartographer(current_library()))
    return cast("Cartographer", kept[KEPT])
