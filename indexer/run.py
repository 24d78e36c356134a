"""The run: folders become a library.

Walk, compare with what is known, hash, decode in threads, encode in batches, write each batch in
one transaction. A file that cannot be read is noted and never stops the run. Stopping it at any
instant loses at most the batch in flight, and another run completes it. A root that cannot be
reached is passed over, and what is known of it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.pipeline import Pipeline
from indexer.renames import find_renamed
from indexer.report import Report, Tally
from retrieval.catalog.writer import Writer
from retrieval.decode.border import name_of
from retrieval.errors import UnreadableMedia
from retrieval.library import Library
from retrieval.progress import Progress, Unwatched
from retrieval.roots import Offline
from retrieval.speech.transcriber import Transcriber


def index(
    library: Library,
    paths: Iterable[Path],
    *,
    transcriber: Transcriber | None = None,
    progress: Progress | None = None,
    patience: float = 0.0,
) -> Report:
    """Bring a library up to date with folders and files.

    Raises UnreadableMedia for a path that does not exist, before anything is done; LibraryBusy
    while another process writes, once ``patience`` seconds are over; ModelUnavailable when the
    encoder cannot be loaded. Ctrl-C ends the run early, and the report says so.
    """
    run = Run(library, transcriber, progress or Unwatched())
    return run.bring_in([_existing(path) for path in paths], patience)


def update(
    library: Library,
    *,
    transcriber: Transcriber | None = None,
    progress: Progress | None = None,
    patience: float = 0.0,
) -> Report:
    """Bring a library up to date with all folders that were indexed before; see ``index``."""
    run = Run(library, transcriber, progress or Unwatched())
    return run.bring_in([root.path for root in library.catalog.roots()], patience)


def bring_in(library: Library, places: Sequence[Path], progress: Progress) -> Report:
    """Bring a library up to date with absolute paths, some of which may be gone; see ``index``."""
    return Run(library, None, progress).bring_in(places, patience=0.0)


class Run:
    """Brings places up to date, some of which may be gone by now."""

    def __init__(
        self, library: Library, transcriber: Transcriber | None, progress: Progress
    ) -> None:
        self._library = library
        self._transcriber = transcriber
        self._progress = progress

    def bring_in(self, places: Sequence[Path], patience: float) -> Report:
        """Index what lies at or below absolute paths, and retire what is gone from there."""
        tally = Tally()
        with self._library.write(patience, self._progress) as writer:
            try:
                offline = self._library.offline()
                for place in places:
                    lost = [root for root in offline if place.is_relative_to(root.path)]
                    tally.offline.update({root.path: root for root in lost})
                    if not lost:
                        self._bring_in(writer, place, offline, tally)
                self._library.keep(self._progress)
            except KeyboardInterrupt:
                return tally.report(interrupted=True)
        return tally.report(interrupted=False)

    def _bring_in(
        self, writer: Writer, place: Path, offline: Sequence[Offline], tally: Tally
    ) -> None:
        folder = place if place.is_dir() else place.parent
        if renamed := find_renamed(
            folder, self._library.catalog.roots(), writer, self._library.path
        ):
            writer.rename(renamed, folder)
            self._progress.note(f"{renamed.path} is called {folder} now.")
        root = writer.root(folder, apart=[lost.path for lost in offline])
        under = place.relative_to(root.path).as_posix()
        pipeline = Pipeline(self._library, writer, root, tally, self._progress)
        pipeline.run("" if under == "." else under, self._transcriber)


def _existing(path: Path) -> Path:
    try:
        return path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UnreadableMedia(
            f"{name_of(path)}: there is no such file or folder; check the path"
        ) from error
