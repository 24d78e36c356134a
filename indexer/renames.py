"""Roots that were renamed: one is gone, and a new folder beside it holds its files.

A disk that is not plugged in must not be taken for that, though its files may have been copied. So
the new folder must lie where the old one lay, on the disk of the folder around it and of the
library, which is there, so that no other disk has come to its place. Of the old one not even an
empty folder may be left, and nearly all of its files must be there with the paths, sizes and dates
that were last seen, to the billionth of a second.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from indexer.walk import walk
from retrieval.catalog.records import FoundFile, Root, Stamp
from retrieval.catalog.stamps import NEVER
from retrieval.catalog.writer import Writer

MOST = 0.9
"""The share of a root's files that must be found again; some may have been edited since."""


def find_renamed(folder: Path, roots: Sequence[Root], writer: Writer, library: Path) -> Root | None:
    """Find the root that a folder was before it was renamed; None if it is one, or was none."""
    touching = (
        root.path.is_relative_to(folder) or folder.is_relative_to(root.path) for root in roots
    )
    if any(touching) or not _are_of_one_disk(folder, folder.parent, library):
        return None
    gone = (root for root in roots if root.path.parent == folder.parent)
    gone = (root for root in gone if not os.path.lexists(root.path))
    return next((root for root in gone if _holds(folder, writer.stamps(root))), None)


def _are_of_one_disk(*folders: Path) -> bool:
    return len({os.stat(folder).st_dev for folder in folders}) == 1


def _holds(folder: Path, stamps: dict[str, Stamp]) -> bool:
    seen = {path: stamp for path, stamp in stamps.items() if stamp.mtime_ns != NEVER}
    found = (met for met in walk(folder) if isinstance(met, FoundFile))
    again = sum(seen.get(met.path) == met.stamp for met in found)
    return again > 0 and again >= MOST * len(seen)
