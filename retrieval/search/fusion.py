"""What the very words of a query add to its meaning.

A passage that holds the query's words, or whose file is called so, is raised above where its
vector puts it: by BONUS deviations from chance where it holds them all, by much less where it
holds some. One number then orders the list and is shown as its score. On Flickr8k's captions this
is better than reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), which counts
ranks whatever they are worth: it buries photos, which have no words, under whatever shares one
with the query. See ``benchmarks/hybrid.py``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.matching import Matches, Shares
from retrieval.search.candidates import Ranking, in_order, join

BONUS = 6.0
"""Deviations: what holds every word is found first unless something means it far better."""

SHARPNESS = 4
"""The power of the share: half the words are worth no more than a third of a deviation."""

LEAST = 0.35
"""The share below which nothing is added: it would not be a tenth of a deviation."""

NOTHING = Matches(*2 * (Shares(np.empty(0, np.int64), np.empty(0)),))
"""What holds the words of a query that has none."""


def telling(matches: Matches) -> Matches:
    """Keep the matches that make a difference; only these need be measured for ``fuse``."""
    return Matches(_telling(matches.passages), _telling(matches.contents))


def fuse(near: Ranking, matching: Ranking, matches: Matches) -> Ranking:
    """Rank passages near to the query and passages that hold its words as one list.

    ``matching`` holds every passage of ``matches``, which are telling ones, that is in scope, and
    every passage of a content matched by its name. Then the first n contents are the right ones
    for any n that ``near`` is deep enough for, so that pages tile.
    """
    both = join([near, matching.take(~np.isin(matching.passages, near.passages))])
    return in_order(raised(both, matches))


def raised(ranking: Ranking, matches: Matches) -> Ranking:
    """Raise passages by the words of a query, in the order they are in."""
    return replace(ranking, deviations=ranking.deviations + bonus(ranking, matches))


def bonus(ranking: Ranking, matches: Matches) -> NDArray[np.float64]:
    """Give the deviations that each passage is raised by: for its words, or its file's name."""
    said = matches.passages.of(ranking.passages)
    called = matches.contents.of(ranking.contents)
    deviations: NDArray[np.float64] = BONUS * np.maximum(said, called) ** SHARPNESS
    return deviations


def _telling(shares: Shares) -> Shares:
    kept = shares.shares >= LEAST
    return Shares(shares.ids[kept], shares.shares[kept])
