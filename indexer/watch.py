"""Follows folders as they change: a burst of changes becomes a run over the places it touched.

What the system says of a change is only where it was; what is there now decides. A root that
vanishes or returns, as with its disk, is noticed by looking at it now and then.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.report import Report
from indexer.run import Run
from indexer.walk import is_closed, is_passed_over
from retrieval.errors import TriptychError
from retrieval.library import Library
from retrieval.progress import Progress, Unwatched
from retrieval.roots import is_out_of_reach
from retrieval.speech.transcriber import Transcriber

QUIET, BURST = 250, 3_000
"""Milliseconds without a change that end a burst, and those after which it ends anyway."""
LOOK = 1_000
"""Milliseconds after which it is seen whether the roots are still there."""
MANY = 8
"""Changes in one folder from which all of it is looked at."""

Identities = dict[Path, tuple[int, int]]
"""The device and number of each folder that can be reached."""


def watch(
    library: Library,
    folders: Sequence[Path],
    *,
    transcriber: Transcriber | None = None,
    progress: Progress | None = None,
) -> Iterator[Report]:
    """Bring folders up to date, and again whenever something changes, and report each time.

    Waits while another process writes. Ends with KeyboardInterrupt.
    """
    run = Run(library, transcriber, progress or Unwatched())
    roots = [folder.expanduser().resolve() for folder in folders]
    while True:
        present = _identities(roots)
        changes = _changes(list(present))
        try:
            # Nothing that changes while the first run is on may escape.
            next(changes)
        except FileNotFoundError:
            time.sleep(LOOK / 1000)
            continue
        yield _bring_in(run, _there(roots, present, library))
        for changed in changes:
            if changed:
                yield _bring_in(run, _within_roots(gather(changed), roots, library))
            if _identities(roots) != present:
                break


def gather(paths: Iterable[Path]) -> list[Path]:
    """Find the fewest places that hold all paths and hardly more."""
    known = set(paths)
    changes = Counter(path.parent for path in known)
    places = {path.parent if changes[path.parent] > MANY else path for path in known}
    return sorted(place for place in places if places.isdisjoint(place.parents))


def _bring_in(run: Run, places: Sequence[Path]) -> Report:
    report = run.bring_in(places, float("inf"))
    if report.interrupted:
        raise KeyboardInterrupt
    return report


def _there(roots: list[Path], present: Identities, library: Library) -> list[Path]:
    """Leave out roots of which nothing is there or known, lest their parents become roots."""
    known = {root.path for root in library.catalog.roots()}
    return [root for root in roots if root in present or root in known]


def _within_roots(places: list[Path], roots: list[Path], library: Library) -> list[Path]:
    """Take the whole root of a place whose root was forgotten, lest the place becomes one."""
    known = [root.path for root in library.catalog.roots()]
    forgotten = [place for place in places if not any(place.is_relative_to(root) for root in known)]
    whole = {root for root in roots for place in forgotten if place.is_relative_to(root)}
    whole = {root for root in whole if root.is_dir()}
    return [*sorted(whole), *(place for place in places if place not in forgotten)]


def _changes(roots: list[Path]) -> Iterator[set[Path]]:
    """Give the paths that changed, burst by burst, and none whenever it is time to look."""
    if not roots:
        while True:
            time.sleep(LOOK / 1000)
            yield set()
    import watchfiles

    def is_of_use(_change: watchfiles.Change, path: str) -> bool:
        return _is_media(Path(path), roots)

    timing: dict[str, Any] = {"debounce": BURST, "step": QUIET, "rust_timeout": LOOK}
    try:
        for changes in watchfiles.watch(
            *roots,
            watch_filter=is_of_use,
            yield_on_timeout=True,
            ignore_permission_denied=True,
            **timing,
        ):
            yield {Path(path) for _, path in changes}
    except FileNotFoundError:
        raise
    except OSError as error:
        raise TriptychError(
            f"The folders cannot be watched ({error}). Where there are too many, raise "
            "fs.inotify.max_user_watches, or set WATCHFILES_FORCE_POLLING=1."
        ) from error


def _is_media(path: Path, roots: list[Path]) -> bool:
    """Tell whether a walk could meet a path: not what is passed over, nor in a library."""
    for root in roots:
        if path.is_relative_to(root):
            inside = path.relative_to(root)
            return not any(map(is_passed_over, inside.parts)) and not any(
                is_closed(root / parent, root) for parent in inside.parents
            )
    return False


def _identities(roots: list[Path]) -> Identities:
    present: Identities = {}
    for root in roots:
        if not is_out_of_reach(root):
            try:
                status = os.stat(root)
            except OSError:
                continue
            present[root] = (status.st_dev, status.st_ino)
    return present
