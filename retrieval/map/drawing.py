"""Draws the map of a library: a place in the plane for every content.

The places of a sample are laid out, see ``retrieval.map.layout``; the rest are put where those of
the sample are that they are nearest to. Neither takes the encoder. What was on the map before stays
about where it was. The same catalog, and the same map before it, give the same map.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.map.arranging import Anchors, arrange
from retrieval.map.gathering import Gathered, gather, gather_others
from retrieval.map.layout import SPAN, Places, first_places, lay_out
from retrieval.map.neighbours import find_neighbours, nearest_among
from retrieval.media import Filters

SAMPLE = 10_000
"""Contents whose places are laid out; beyond them a map hardly gains by the time it takes."""

MOST = 100_000
"""Contents on a map: a browser is still quick to draw so many."""

FEW = 5
"""Contents of the sample that tell where another one belongs."""

SCATTER = 0.5
"""How far from there it is put, as a share of how far those lie apart: not on top of each other."""

SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Contents and their places: from 0 to 1 along the longer side, [n, 2], widest first."""

    contents: Ids
    places: Places


def draw_library(catalog: Path, before: Map | None = None) -> Map:
    """Draw the map of the library with a catalog, in whatever process this is."""
    opened = Catalog(catalog)
    try:
        return draw(opened, before)
    finally:
        opened.close()


def draw(catalog: Catalog, before: Map | None = None, *, sample: int = SAMPLE) -> Map:
    """Draw the map of what a catalog holds, laying out a sample of so many, like the one before."""
    binding = catalog.binding()
    contents = _spread(np.flatnonzero(catalog.scope(Filters()).holds), MOST)
    if binding is None or not len(contents):
        return Map(np.empty(0, np.int64), np.empty((0, 2), np.float32))
    chosen = _spread(contents, sample)
    known, middles = gather(catalog.embeddings, chosen, binding.dim)
    places = lay_out_vectors(known.vectors, _start(known, before))
    drawn = [Map(known.contents, places)]
    if len(chosen) < len(contents):
        random = np.random.default_rng(SEED)
        others = np.setdiff1d(contents, chosen, assume_unique=True)
        for part in gather_others(catalog.embeddings, others, middles):
            drawn.append(Map(part.contents, place(part.vectors, known.vectors, places, random)))
    return _whole(drawn, before)


def lay_out_vectors(vectors: Vectors, start: Places | None = None) -> Places:
    """Find places, [n, 2], for unit vectors, [n, dim], that are near where the vectors are."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2), np.float32)
    begun = first_places(vectors) if start is None else start
    return lay_out(find_neighbours(vectors).ties(), begun, SEED)


def place(vectors: Vectors, known: Vectors, places: Places, random: np.random.Generator) -> Places:
    """Put vectors, [n, dim], amid the places of those of known ones that are nearest to them.

    The median, unlike the mean, does not lie in the nowhere between two groups.
    """
    around = places[nearest_among(vectors, known, FEW).rows]
    middle = np.median(around, axis=1)
    spread = np.median(np.abs(around - middle[:, None]), axis=1)
    scattered = middle + SCATTER * spread * random.standard_normal(middle.shape)
    placed: Places = scattered.astype(np.float32)
    return placed


def _spread(contents: Ids, count: int) -> Ids:
    """Choose up to a number of contents, evenly spread."""
    chosen = np.linspace(0, len(contents) - 1, min(count, len(contents)))
    return contents[chosen.astype(np.int64)].astype(np.int64)


def _whole(drawn: list[Map], before: Map | None) -> Map:
    contents = np.concatenate([part.contents for part in drawn])
    places = np.concatenate([part.places for part in drawn])
    order = np.argsort(contents)
    contents, places = contents[order], places[order]
    return Map(contents, arrange(places, _anchors(contents, before)))


def _anchors(contents: Ids, before: Map | None) -> Anchors | None:
    """Find which contents, ascending, were on the map before, and where."""
    if before is None:
        return None
    _, rows, there = np.intersect1d(
        contents, before.contents, assume_unique=True, return_indices=True
    )
    return Anchors(rows, before.places[there])


def _start(known: Gathered, before: Map | None) -> Places:
    """Start from the map before, new contents amid those they are nearest to, if most are on it."""
    anchors = _anchors(known.contents, before)
    if anchors is None or 2 * len(anchors.rows) <= len(known.contents):
        return first_places(known.vectors)
    there = anchors.rows
    new = np.setdiff1d(np.arange(len(known.contents)), there)
    start = np.empty((len(known.contents), 2), np.float32)
    start[there] = SPAN * (2 * anchors.places - 1)
    random = np.random.default_rng(SEED)
    start[new] = place(known.vectors[new], known.vectors[there], start[there], random)
    return start
