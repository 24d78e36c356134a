"""The run: folders become a library.

Walk, compare with what is known, hash, decode in threads, encode in batches, write each batch in
one transaction. A file that cannot be read is noted and never stops the run. Stopping it at any
instant loses at most the batch in flight, and another run completes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.pipeline import Pipeline
from indexer.report import Report, Tally
from retrieval.decode.border import name_of
from retrieval.errors import UnreadableMedia
from retrieval.library import Library
from retrieval.progress import Progress, Unwatched
from retrieval.speech.transcriber import Transcriber


def index(
    library: Library,
    paths: Iterable[Path],
    *,
    transcriber: Transcriber | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring a library up to date with folders and files.

    Raises UnreadableMedia for a path that does not exist, before anything is done; LibraryBusy
    while another process writes; ModelUnavailable when the encoder cannot be loaded. Ctrl-C ends
    the run early, and the report says so.
    """
    starts = [_existing(path) for path in paths]
    tally, watcher = Tally(), progress or Unwatched()
    with library.write() as writer:
        try:
            for start in starts:
                root = writer.root(start if start.is_dir() else start.parent)
                under = start.relative_to(root.path).as_posix()
                pipeline = Pipeline(library, writer, root, tally, watcher)
                pipeline.run("" if under == "." else under, transcriber)
            library.keep(watcher)
        except KeyboardInterrupt:
            return tally.report(interrupted=True)
    return tally.report(interrupted=False)


def _existing(path: Path) -> Path:
    try:
        return path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UnreadableMedia(
            f"{name_of(path)}: there is no such file or folder; check the path"
        ) from error
