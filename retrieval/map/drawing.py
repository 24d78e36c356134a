"""Draws the map of a library: a place in the plane for every content.

The places of a sample are laid out, see ``retrieval.map.layout``; the rest are put where those of
the sample are that they are nearest to. Neither takes the encoder. The same catalog gives the same
map.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.map.gathering import gather, gather_others
from retrieval.map.layout import Places, first_places, lay_out
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

EVEN = 0.5
"""How much of a place along an axis is its rank: less emptiness between groups, nearly the same
neighbours."""

TINY = 1e-6
SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Contents and their places: from 0 to 1 along the longer side, [n, 2], widest first."""

    contents: Ids
    places: Places


def draw_library(catalog: Path) -> Map:
    """Draw the map of the library with a catalog, in whatever process this is."""
    opened = Catalog(catalog)
    try:
        return draw(opened)
    finally:
        opened.close()


def draw(catalog: Catalog, sample: int = SAMPLE) -> Map:
    """Draw the map of what a catalog holds, laying out a sample of so many."""
    binding = catalog.binding()
    contents = _spread(np.flatnonzero(catalog.scope(Filters()).holds), MOST)
    if binding is None or not len(contents):
        return Map(np.empty(0, np.int64), np.empty((0, 2), np.float32))
    chosen = _spread(contents, sample)
    known, middles = gather(catalog.embeddings, chosen, binding.dim)
    places = lay_out_vectors(known.vectors)
    drawn = [Map(known.contents, places)]
    if len(chosen) < len(contents):
        random = np.random.default_rng(SEED)
        others = np.setdiff1d(contents, chosen, assume_unique=True)
        for part in gather_others(catalog.embeddings, others, middles):
            drawn.append(Map(part.contents, place(part.vectors, known.vectors, places, random)))
    return _whole(drawn)


def lay_out_vectors(vectors: Vectors) -> Places:
    """Find places, [n, 2], for unit vectors, [n, dim], that are near where the vectors are."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2), np.float32)
    return lay_out(find_neighbours(vectors).ties(), first_places(vectors), SEED)


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


def _whole(drawn: list[Map]) -> Map:
    contents = np.concatenate([part.contents for part in drawn])
    places = arrange(np.concatenate([part.places for part in drawn]))
    order = np.argsort(contents)
    return Map(contents[order], places[order])


def arrange(places: Places) -> Places:
    """Turn places, [n, 2], so that they are widest from left to right, and let gaps shrink."""
    if not len(places):
        return places
    centred = places - places.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    turned = _fitted(centred @ directions[:, ::-1])
    ranks = turned.argsort(0, kind="stable").argsort(0) / max(len(turned) - 1, 1)
    return _fitted((1 - EVEN) * turned + EVEN * ranks * turned.max(0))


def _fitted(places: Places) -> Places:
    moved = places - places.min(0)
    fitted: Places = (moved / max(float(moved.max()), TINY)).astype(np.float32)
    return fitted
