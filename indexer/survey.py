"""A walk compared with what was seen before: what changed, and what is gone.

Nothing is opened. What a walk could not list is still there, for all one knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from indexer.sniff import judge
from indexer.walk import is_near, walk
from retrieval.catalog.records import FoundFile, Root, Stamp
from retrieval.catalog.stamps import Where, at_or_below, beside
from retrieval.catalog.writer import Writer
from retrieval.media import Failure

Stamps = dict[str, Stamp]
"""What was last seen, by path."""


@dataclass(slots=True)
class Survey:
    """What a walk came by."""

    met: int = 0
    """Files that may be media."""
    changed: list[FoundFile] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Paths that the catalog has and the walk did not meet by themselves."""
    unlisted: list[Failure] = field(default_factory=list)
    """Folders and names that could not be read; their paths are relative to the root."""

    @property
    def unchanged(self) -> int:
        """Count the files that are as they were."""
        return self.met - len(self.changed)


def survey(root: Root, under: str, writer: Writer) -> Survey:
    """Walk what lies at or below a place of a root."""
    stamps = _last_seen(root, under, writer.stamps)
    others = _last_seen(root, under, partial(writer.others, judge=judge()))
    made = Survey()
    for found in walk(root.path, under):
        if isinstance(found, Failure):
            made.unlisted.append(found)
            for seen in (stamps, others):
                _keep_below(found.path, seen)
        elif others.pop(found.path, None) != (stamp := found.stamp):
            made.met += 1
            if stamps.pop(found.path, None) != stamp:
                made.changed.append(found)
            else:
                # A sidecar that could not be read is listed.
                for sidecar in found.sidecars:
                    stamps.pop(sidecar.path, None)
    made.gone.update(stamps, others)
    return made


def _last_seen(root: Root, under: str, read: Callable[[Root, Where], Stamps]) -> Stamps:
    """List what a walk of ``under`` came by last time; of a file, what is near it too."""
    if not under or (root.path / under).is_dir():
        return read(root, at_or_below(under))
    seen = read(root, beside(under))
    return {path: stamp for path, stamp in seen.items() if is_near(path, under)}


def _keep_below(unlisted: str, stamps: Stamps) -> None:
    below = "" if unlisted == "." else f"{unlisted}/"
    for path in [path for path in stamps if path == unlisted or path.startswith(below)]:
        del stamps[path]
