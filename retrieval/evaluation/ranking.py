"""Where the right answers of a query stand among all answers.

Queries and answers belong to photos, and a query's right answers are those of its own photo. A tie
counts against the right answer, so an encoder that gives all things one vector scores nothing, and
neither does one whose vectors are not numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.protocol import Vectors

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOP = 10
"""How far down normalised discounted cumulative gain looks."""
TIE = 1e-9
"""Cosines this near are one: a vector's product depends in its last digits on where it lies."""
NOWHERE = np.iinfo(np.int64).max // 2
"""The place of a right answer that there is not."""
CELLS = 1 << 23
"""Cosines held at once, to bound memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Owned:
    """Vectors [n, dim], and the photo that each is of, or is."""

    vectors: Vectors
    owners: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What became of each query that has a right answer, in the order of the queries."""

    ranks: Ints
    """The place of its first right answer, from 1."""
    gains: Floats
    """nDCG@10 with every right answer of gain 1 (Järvelin and Kekäläinen, 2002)."""
    owners: Ints
    """Its photo."""


def rank(queries: Owned, answers: Owned, *, among_themselves: bool = False) -> Outcomes:
    """Rank all answers to each query by cosine, and find the right ones.

    With ``among_themselves`` the queries are the answers, and none is an answer to itself. A query
    that has no right answer is left out.
    """
    right, exists = _right(queries.owners, answers.owners)
    if among_themselves:
        exists &= right != np.arange(len(right))[:, None]
    asked = np.flatnonzero(exists.any(axis=1))
    right, exists, vectors = right[asked], exists[asked], queries.vectors[asked]
    candidates = answers.vectors.astype(np.float64).T
    parts = _parts(len(asked), len(answers.vectors))
    places = [_places(vectors[p] @ candidates, right[p], exists[p]) for p in parts]
    found = np.vstack([np.empty((0, min(TOP, exists.shape[1])), np.int64), *places])
    return Outcomes(found[:, 0], _gains(found, exists.sum(axis=1)), queries.owners[asked])


def _parts(queries: int, answers: int) -> list[slice]:
    step = max(1, CELLS // max(answers, 1))
    return [slice(start, start + step) for start in range(0, queries, step)]


def _right(asking: Ints, answering: Ints) -> tuple[Ints, Flags]:
    """Index every query's right answers, [queries, most], and say which of a row exist.

    What is past a row's end repeats its last.
    """
    order = np.argsort(answering, kind="stable")
    first, after = (np.searchsorted(answering[order], asking, side) for side in ("left", "right"))
    steps = np.arange(max(1, np.max(after - first, initial=1)))
    exists = steps < (after - first)[:, None]
    index = np.minimum(first[:, None] + steps, np.maximum(after - 1, 0)[:, None])
    return order[index], exists


def _places(cosines: Floats, right: Ints, exists: Flags) -> Ints:
    """Give the places of each query's right answers, best first, TOP of them at most."""
    own = np.where(exists, np.take_along_axis(cosines, right, axis=1), -np.inf)
    best = -np.sort(-own, axis=1)[:, :TOP]
    np.put_along_axis(cosines, right, -np.inf, axis=1)
    # Asked in the negative, since a vector that is not a number is never above nor below another.
    others = [(~(cosines < column[:, None] - TIE)).sum(axis=1) for column in best.T]
    place = np.arange(best.shape[1])
    places = np.stack(others, axis=1) + place + 1
    return np.where(place < exists.sum(axis=1)[:, None], places, NOWHERE)


def _gains(places: Ints, right: Ints) -> Floats:
    discounts = np.where(places <= TOP, 1 / np.log2(1.0 + places), 0)
    ideal = np.cumsum(1 / np.log2(np.arange(2, TOP + 2)))
    gains: Floats = discounts.cumsum(axis=1)[:, -1] / ideal[np.minimum(right, TOP) - 1]
    return gains
