"""Groups around their best: each member is nearly the same as the centre, whatever else it is like.

So a chain of pictures, each a little unlike the last, does not grow into one group without end.
Contents come best first, and each joins the first centre that it nearly duplicates.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrieval.alike.comparison import Comparison, Mask, Positions, Texts, blocks
from retrieval.alike.wording import meet
from retrieval.progress import Progress

ROWS, COLUMNS = 256, 4096
"""Pairs that are looked at together: their scores stay in a cache."""

MOST = 1 << 16
"""Pairs that are confirmed before anything is concluded from them."""

ALONE = -1


class Stars:
    """The groups of n contents, as far as they are known."""

    def __init__(self, count: int) -> None:
        self.centre = np.full(count, ALONE)
        """The centre that each one belongs to, itself for a centre, or ALONE."""

    def free(self, positions: slice | Positions) -> Mask:
        """Tell which are not in another's group."""
        centres = self.centre[positions]
        own = np.arange(len(self.centre))[positions]
        free: Mask = (centres == ALONE) | (centres == own)
        return free

    def join(self, earlier: Positions, later: Positions) -> None:
        """Put near-duplicates together; all pairs of an earlier content come before a later's."""
        order = np.lexsort((later, earlier))
        for one, other in zip(earlier[order].tolist(), later[order].tolist(), strict=True):
            if self.centre[one] in (ALONE, one) and self.centre[other] == ALONE:
                self.centre[one] = self.centre[other] = one

    def groups(self) -> list[list[int]]:
        """List the groups, each with its centre first."""
        members: dict[int, list[int]] = {}
        for position in np.flatnonzero(self.centre != ALONE).tolist():
            members.setdefault(int(self.centre[position]), []).append(position)
        return list(members.values())


def group(comparison: Comparison, count: int, progress: Progress) -> list[list[int]]:
    """Group n contents, best first; a step of the progress is a content."""
    stars = Stars(count)
    if isinstance(comparison, Texts):
        earlier, later = meet(comparison.wordings)
        same = comparison.confirm(earlier, later)
        stars.join(earlier[same], later[same])
        progress.advance(count)
    else:
        for rows in blocks(count, ROWS):
            _settle(comparison, rows, stars)
            progress.advance(rows.stop - rows.start)
    return stars.groups()


def _settle(comparison: Comparison, rows: slice, stars: Stars) -> None:
    """Find the groups around some rows; where a great many look alike, few rows at a time."""
    if not stars.free(rows).any():
        return
    found: list[tuple[Positions, Positions]] = []
    pairs = 0
    for earlier, later in _near(comparison, rows, stars):
        found.append((earlier, later))
        pairs += len(earlier)
        if pairs > MOST and rows.stop - rows.start > 1:
            middle = (rows.start + rows.stop) // 2
            _settle(comparison, slice(rows.start, middle), stars)
            _settle(comparison, slice(middle, rows.stop), stars)
            return
    earlier, later = (np.concatenate(side) for side in zip(*found, strict=True))
    same = comparison.confirm(earlier, later)
    stars.join(earlier[same], later[same])


def _near(
    comparison: Comparison, rows: slice, stars: Stars
) -> Iterator[tuple[Positions, Positions]]:
    for block in blocks(len(stars.centre) - rows.start, COLUMNS):
        columns = slice(block.start + rows.start, block.stop + rows.start)
        near = comparison.near(rows, columns)
        near &= stars.free(rows)[:, None] & (stars.centre[columns] == ALONE)
        earlier, later = np.nonzero(near)
        earlier, later = earlier + rows.start, later + columns.start
        behind = later > earlier
        yield earlier[behind], later[behind]
