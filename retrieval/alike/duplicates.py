"""The files of a library that are the same or nearly so: what may be tidied up.

Nothing is ever deleted here. A group is of one kind: its best file comes first, with most pixels
or, where these are equal, most bytes; files with the very same bytes stand together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from retrieval.alike.comparison import compare
from retrieval.alike.stars import group
from retrieval.catalog.catalog import Catalog
from retrieval.catalog.sketches import Sketch
from retrieval.media import Filters, Item, Kind
from retrieval.progress import Progress


class Likeness(StrEnum):
    """What a file is in its group."""

    BEST = "best"
    COPY = "copy"
    """The very bytes of one before it."""
    LIKE = "like"
    """Nearly the same as the best."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are the same or nearly so, the best first."""

    items: tuple[Item, ...]

    @property
    def kind(self) -> Kind:
        """What they are."""
        return self.items[0].content.kind

    @property
    def likenesses(self) -> tuple[Likeness, ...]:
        """What each is to those before it."""
        held = [item.content.digest for item in self.items]
        near = [Likeness.COPY if b in held[:i] else Likeness.LIKE for i, b in enumerate(held)]
        return (Likeness.BEST, *near[1:])

    @property
    def spare(self) -> int:
        """The bytes of all but the best."""
        return sum(item.content.size for item in self.items[1:])


class Duplicates:
    """The near-duplicates of a library, remembered until it changes; safe to share by threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._turn = Lock()
        self._asked: tuple[Filters, int] | None = None
        self._found: tuple[Group, ...] = ()

    def find(self, filters: Filters, progress: Progress) -> tuple[Group, ...]:
        """Find the groups, or give those that were found last."""
        with self._turn:
            asked = filters, self._catalog.version()
            if self._asked != asked:
                self._found = find_duplicates(self._catalog, filters, progress)
                self._asked = asked
            return self._found


def find_copies(catalog: Catalog, filters: Filters) -> tuple[Group, ...]:
    """Group the files that hold the very same bytes, the most spare bytes first."""
    return _groups(catalog, catalog.copied(filters), filters)


def find_duplicates(catalog: Catalog, filters: Filters, progress: Progress) -> tuple[Group, ...]:
    """Group the files that are the same or nearly so, the most spare bytes first.

    A step of the progress is a content.
    """
    if behind := len(catalog.sketches.missing()):
        progress.note(f"{behind} items cannot be compared yet: run `triptych index` on them again.")
    related = [
        [sketch.content for sketch in members]
        for kind in filters.kinds or Kind
        for members in _alike(catalog, kind, filters, progress)
    ]
    held = {content for members in related for content in members}
    related += [same for same in catalog.copied(filters) if held.isdisjoint(same)]
    return _groups(catalog, related, filters)


def _groups(
    catalog: Catalog, related: Sequence[Sequence[int]], filters: Filters
) -> tuple[Group, ...]:
    files = catalog.files([content for members in related for content in members], filters)
    return _in_order(
        [Group(tuple(item for c in members for item in files.get(c, ()))) for members in related]
    )


def _alike(
    catalog: Catalog, kind: Kind, filters: Filters, progress: Progress
) -> list[list[Sketch]]:
    sketches = catalog.sketches.of_kind(kind, catalog.scope(filters))
    sketches.sort(key=lambda sketch: (-sketch.pixels, -sketch.size, sketch.content))
    progress.total(len(sketches))
    if len(sketches) < 2:
        return []
    found = group(compare(kind, sketches), len(sketches), progress)
    return [[sketches[position] for position in members] for members in found]


def _in_order(groups: Sequence[Group]) -> tuple[Group, ...]:
    several = [group for group in groups if len(group.items) > 1]
    return tuple(sorted(several, key=lambda group: (-group.spare, str(group.items[0].file))))
