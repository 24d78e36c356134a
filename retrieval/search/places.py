"""Where in one item a query is met: the passages that are hardly further than its nearest.

A film has many scenes, a document many pages; a hit shows one of them and says how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.media import Hit, Item, Passage, Query
from retrieval.search.candidates import Contest


def find_places(
    contest: Contest, item: Item, passages: Mapping[int, Passage], query: Query
) -> tuple[Hit, ...]:
    """Give the stretch of them that a query asks for, nearest first, in their order in the item.

    They have no scores: those compare items.
    """
    near = contest.nearly_best(np.array([*passages], np.int64))
    stretch = slice(query.offset, query.offset + query.k)
    ids, cosines = near.passages[stretch].tolist(), near.similarities[stretch].tolist()
    count = len(near.passages)
    hits = {
        one: Hit(item, one, passages[one], score=None, similarity=cosine, passages=count)
        for one, cosine in zip(ids, cosines, strict=True)
    }
    return tuple(hits[one] for one in passages if one in hits)
