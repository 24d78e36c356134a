"""What a library takes on disk, and when it last changed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from retrieval.library import CATALOG

VECTORS, THUMBNAILS = "vectors", "thumbnails"
LOG = f"{CATALOG}-wal"


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes of a library's parts, and those that are free where it lies."""

    catalog: int
    vectors: int
    thumbnails: int
    rest: int
    """Such as a map, or files that were kept aside."""
    free: int
    changed_at: datetime
    """When something was last written to the catalog."""


def measure_footprint(library: Path) -> Footprint:
    """Add up the files of a library's directory."""
    sizes = {entry.name: _size(entry) for entry in os.scandir(library)}
    catalog = sum(size for name, size in sizes.items() if name.startswith(CATALOG))
    vectors, thumbnails = sizes.get(VECTORS, 0), sizes.get(THUMBNAILS, 0)
    return Footprint(
        catalog=catalog,
        vectors=vectors,
        thumbnails=thumbnails,
        rest=sum(sizes.values()) - catalog - vectors - thumbnails,
        free=shutil.disk_usage(library).free,
        changed_at=_changed_at(library),
    )


def _size(entry: os.DirEntry[str]) -> int:
    try:
        if entry.is_dir(follow_symlinks=False):
            with os.scandir(entry) as entries:
                return sum(map(_size, entries))
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:  # it went while the others were counted
        return 0


def _changed_at(library: Path) -> datetime:
    """Take SQLite's log for the catalog while it holds anything: then that is written to."""
    seconds = (library / CATALOG).stat().st_mtime
    log = library / LOG
    if log.exists() and (found := log.stat()).st_size:
        seconds = max(seconds, found.st_mtime)
    return datetime.fromtimestamp(seconds).astimezone()
