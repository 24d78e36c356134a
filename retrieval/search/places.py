"""Where in one item a query is met: the passages that are hardly worse than its best.

A film has many scenes, a document many pages; a hit shows one of them and says how many there are.
What is meant may stand elsewhere than what is said: the best by meaning alone counts, and the best
with the words, which is the hit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.matching import Matches
from retrieval.catalog.records import Ids
from retrieval.media import Hit, Item, Passage, Query
from retrieval.search.candidates import Contest, Ranking, in_order
from retrieval.search.fusion import raised
from retrieval.vectors.block import Mask

HARDLY = 1.0
"""Deviations between two passages that one would not choose between."""


def count_places(contest: Contest, contents: Ids) -> list[int]:
    """Count the places of each of some contents."""
    found = contest.measure(contents=contents)
    counts = Counter(found.contents[_are_places(found, contest.matches)].tolist())
    return [counts[content] for content in contents.tolist()]


def find_places(
    contest: Contest, item: Item, passages: Mapping[int, Passage], query: Query
) -> tuple[tuple[Hit, ...], int]:
    """Give the stretch of an item's places that a query asks for, and how many there are of all.

    The best come first, each stretch in the item's order. They have no scores: those compare items.
    """
    found = contest.measure(passages=np.array([*passages], np.int64))
    places = found.take(_are_places(found, contest.matches))
    best = in_order(raised(places, contest.matches))
    stretch = slice(query.offset, query.offset + query.k)
    ids, cosines = best.passages[stretch].tolist(), best.similarities[stretch].tolist()
    count = len(best.passages)
    hits = {
        one: Hit(item, one, passages[one], score=None, similarity=cosine, passages=count)
        for one, cosine in zip(ids, cosines, strict=True)
    }
    return tuple(hits[one] for one in passages if one in hits), count


def _are_places(ranking: Ranking, matches: Matches) -> Mask:
    """Tell which passages are hardly worse than their content's best, by either measure."""
    _, owners = np.unique(ranking.contents, return_inverse=True)
    with_words = raised(ranking, matches).deviations
    return _nearly_best(owners, ranking.deviations) | _nearly_best(owners, with_words)


def _nearly_best(owners: Ids, deviations: NDArray[np.float64]) -> Mask:
    best = np.full(owners.max(initial=-1) + 1, -np.inf)
    np.maximum.at(best, owners, deviations)
    nearly: Mask = deviations >= best[owners] - HARDLY
    return nearly
