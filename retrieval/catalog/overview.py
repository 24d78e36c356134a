"""Questions about a library as a whole, for those who would look at it rather than search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from retrieval.catalog.embeddings import read_numbers
from retrieval.catalog.mapping import FILES, read_roots
from retrieval.catalog.records import Ids
from retrieval.catalog.scope import dated_in_scope
from retrieval.catalog.tables import CONTENTS, ITEMS
from retrieval.media import Filters, Kind


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Months, ascending, and how many items of a kind are of each; the arrays run in parallel."""

    kind: Kind
    months: NDArray[np.datetime64]
    items: Ids


@dataclass(frozen=True, slots=True, eq=False)
class FirstFiles:
    """Contents of a kind, ascending, and of each the first item that holds it."""

    kind: Kind
    contents: Ids
    items: Ids


class Overview:
    """What there is of each kind; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def months(self, filters: Filters) -> list[Months]:
        """Count the items that pass the filters by month, for each kind that has any.

        A picture belongs to the month it was taken in, what has no such date to that in which its
        file was modified, in local time.
        """
        with self._engine.connect() as connection:
            roots = read_roots(connection)
        kinds = [kind for kind in Kind if not filters.kinds or kind in filters.kinds]
        dated = [dated_in_scope(replace(filters, kinds=frozenset({k})), roots) for k in kinds]
        counted = (_by_month(read_numbers(self._engine, rows)[1]) for rows in dated)
        return [Months(k, *found) for k, found in zip(kinds, counted, strict=True) if len(found[0])]

    def folders(self) -> Counter[str]:
        """Count the files that were read in each folder, its sub-folders included.

        A folder is written as a filter takes it, from the name of the indexed one on.
        """
        inside = func.rtrim(ITEMS.c.path, func.replace(ITEMS.c.path, "/", ""))
        rows = select(ITEMS.c.root_id, inside, func.count())
        rows = rows.where(ITEMS.c.missing.is_(False), ITEMS.c.content_id.is_not(None))
        counts: Counter[str] = Counter()
        with self._engine.connect() as connection:
            names = {root.id: root.path.name for root in read_roots(connection)}
            for root, folder, items in connection.execute(rows.group_by(ITEMS.c.root_id, inside)):
                parts = (names[root], *PurePosixPath(folder).parts)
                for path in accumulate(parts, "{}/{}".format):
                    counts[path] += items
        return counts

    def first_files(self) -> list[FirstFiles]:
        """List all contents that present files hold, by kind."""
        return [FirstFiles(kind, *self._first_files(kind)) for kind in Kind]

    def bytes_by_kind(self) -> dict[Kind, int]:
        """Add up the sizes of the files present of each kind that has any."""
        sizes = select(CONTENTS.c.kind, func.sum(CONTENTS.c.size)).select_from(FILES)
        sizes = sizes.where(ITEMS.c.missing.is_(False)).group_by(CONTENTS.c.kind)
        with self._engine.connect() as connection:
            return {Kind(kind): size for kind, size in connection.execute(sizes)}

    def _first_files(self, kind: Kind) -> Iterable[Ids]:
        rows = select(ITEMS.c.content_id, func.min(ITEMS.c.id)).select_from(ITEMS.join(CONTENTS))
        rows = rows.where(ITEMS.c.missing.is_(False), CONTENTS.c.kind == kind)
        contents, items = read_numbers(self._engine, rows.group_by(ITEMS.c.content_id))
        order = np.argsort(contents)
        return contents[order], items[order]


def _by_month(seconds: Ids) -> tuple[NDArray[np.datetime64], Ids]:
    months = seconds.astype("datetime64[s]").astype("datetime64[M]")
    return np.unique(months, return_counts=True)
