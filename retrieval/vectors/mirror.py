"""The rows of a shelf as a GPU holds them: exact search, proven for each answer.

A GPU gives the rows with the largest products, but its products are rounded, the order of those
alike is its own, filters mean nothing to it, and rows that left the catalog are still there. So it
is asked for more rows than are wanted, and these are measured again from the shelf's vectors. Then
no row that it did not give can have a cosine above the least product that it gave, plus what a
product may be wrong by. If enough rows in question are above that, they are the answer: that of
the processor's search, row for row. If not, more rows are asked for, and then the processor.
"""

from __future__ import annotations

import numpy as np

from retrieval.vectors.block import Block
from retrieval.vectors.gpu import LIMIT, Copy, Gpus, Placement, Refused, Seen
from retrieval.vectors.scan import measure
from retrieval.vectors.selection import Nearest, Search, search_exactly
from retrieval.vectors.shelf import Shelf

SPARE = 16
"""Rows to ask for beyond those that are wanted: so many may lie as near as rounding."""

CHANGED = 1 / 16
"""The share of rows come or gone from which a shelf is copied again."""


class Mirror:
    """A copy of one block's rows; the rows that came later are looked at on the processor."""

    def __init__(self, gpus: Gpus, block: Block) -> None:
        self._copy: Copy = gpus.copy_rows(block.vectors)
        self._ids = block.ids
        self._last = int(block.ids[-1])
        self._error = error_bound(block.vectors.shape[1], self.placement)

    @property
    def placement(self) -> Placement:
        """What the copy is made of, and where it lies."""
        return self._copy.placement

    def is_still_of(self, shelf: Shelf) -> bool:
        """Tell whether the first block of a shelf has changed but little since it was copied."""
        ids = shelf.blocks[0].ids
        here = int(np.searchsorted(ids, self._last, side="right"))
        gained, lost = len(ids) - here, len(self._ids) - here
        return gained + lost <= CHANGED * len(ids)

    def nearest(self, search: Search) -> Nearest | None:
        """Find the k nearest passages of a selection; give nothing if that cannot be proven.

        Raise RuntimeError if the GPUs fail, and Refused if their figures are wrong.
        """
        share = search.among.count / len(search.among.shelf)
        if search.among.is_few or search.k + SPARE > share * LIMIT:
            return None
        first = 2 ** int(np.ceil(np.log2((search.k + SPARE) / share)))
        for rows in sorted({first, LIMIT}):
            seen = self._copy.look(search.query, min(rows, len(self._ids)))
            near = None if seen is None else self._prove(search, seen)
            if seen is None or near is not None:
                return near
        return None

    def _prove(self, search: Search, seen: Seen) -> Nearest | None:
        shelf = search.among.shelf
        positions, here = shelf.find(self._ids[seen.rows])
        cosines = measure(shelf.at(positions), search.query)
        wrong_by = np.abs(cosines - seen.products[here])
        # So that a comparison with NaN, or a row that is none, is an error too.
        if not (wrong_by <= self._error).all() or (seen.rows < 0).any():
            raise Refused(f"their products are wrong by up to {wrong_by.max(initial=0):.1e}")
        within = search.among.mask[positions]
        positions, cosines = positions[within], cosines[within]
        found = Nearest(shelf.ids[positions], shelf.contents[positions], cosines)
        near = found.among(self._later(search)).first(search.k)
        if len(seen.rows) == len(self._ids):
            return near
        unseen = seen.products[-1] + self._error
        return near if len(near.ids) == search.k and near.similarities[-1] > unseen else None

    def _later(self, search: Search) -> Nearest:
        later = search.among.after(self._last)
        return search_exactly([Search(search.query, search.k, later)])[0]


def error_bound(dim: int, placement: Placement) -> float:
    """Say how far a GPU's product of two vectors of unit length may be from their cosine.

    A sum of d products in float32, in whatever order, is wrong by at most d·2⁻²⁴ of their lengths
    (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), or twice that where a unit cuts
    off instead of rounding. Rounding to half moves each of the vectors by at most 2⁻¹¹ of its
    length, and by 2⁻²⁵ a component where these are tiny.
    """
    summing = 2 * (dim + 8) * 2**-24
    halving = 2**-11 + np.sqrt(dim) * 2**-25 if placement.content == "float16" else 0.0
    return float(summing + halving * (2 + halving))
