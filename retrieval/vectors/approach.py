"""A search through lists that misses nothing new and can be gone on with to the end.

Rows that came after the lists were drawn up are looked at exactly. Whoever wants more than REACH
passages gets all of them: first what the lists give, then, exactly, the rest. So a page never
depends on which page was asked for before it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.vectors.scan import measure
from retrieval.vectors.selection import Nearest, Search, Selection, search_exactly

if TYPE_CHECKING:
    from retrieval.vectors.lists import Lists

REACH = 256
"""Passages that the lists give, whatever the number that is wanted."""

MOST = 1 / 2
"""The share of a shelf below which a selection is searched exactly: what it leaves may lie in lists
that are not looked into."""


def is_for_lists(among: Selection) -> bool:
    """Tell whether a selection is wide enough to be searched through lists."""
    return among.count >= max(MOST * len(among.shelf), REACH)


def approach(search: Search, lists: Lists) -> Nearest:
    """Find the k nearest passages of a selection, but for the lists' recall."""
    near = _listed(search, lists).among(_unlisted(search, lists)).first(REACH)
    if search.k <= len(near.ids):
        return near.first(search.k)
    return _join_behind(near, search_exactly([search])[0])


def _listed(search: Search, lists: Lists) -> Nearest:
    shelf = search.among.shelf
    positions, _ = shelf.find(lists.find(search.query, search.among))
    positions = positions[search.among.mask[positions]]
    cosines = measure(shelf.at(positions), search.query)
    return Nearest(shelf.ids[positions], shelf.contents[positions], cosines)


def _unlisted(search: Search, lists: Lists) -> Nearest:
    fresh = search.among.after(lists.about.last)
    return search_exactly([replace(search, k=REACH, among=fresh)])[0]


def _join_behind(near: Nearest, exact: Nearest) -> Nearest:
    rest = ~np.isin(exact.ids, near.ids)
    ceiling = near.similarities.min(initial=np.inf)
    cosines = np.concatenate([near.similarities, np.minimum(exact.similarities[rest], ceiling)])
    ids = np.concatenate([near.ids, exact.ids[rest]])
    contents = np.concatenate([near.contents, exact.contents[rest]])
    return Nearest(ids, contents, cosines).first(len(exact.ids))
