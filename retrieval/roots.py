"""Roots that cannot be reached now: on a disk that is not plugged in, or a share that is not there.

Nothing of this is kept: the file system is asked whenever it matters. What the catalog holds of
such a root stays as it is, and is found as ever.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Offline:
    """A root that cannot be reached, and how many items of it are kept."""

    path: Path
    items: int


def find_offline(catalog: Catalog) -> tuple[Offline, ...]:
    """List the roots that are missing, or hold nothing at all while the catalog holds items."""
    held = catalog.census.held()
    return tuple(
        Offline(root.path, held.get(root.id, 0))
        for root in catalog.roots()
        if not os.path.isdir(root.path) or (root.id in held and is_out_of_reach(root.path))
    )


def is_out_of_reach(root: Path) -> bool:
    """Tell whether a root is missing or empty, as a mount point is without its disk.

    One that may not be listed is neither: that is said of it when it is walked.
    """
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is None
    except PermissionError:
        return False
    except OSError:
        return True
