"""The stages a folder's files go through, and what is kept of each.

Threads only read: every change to the catalog is made here, by the thread of the run, in the order
of the walk. Of equal files met in one run only the first is decoded; the others wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from indexer.ahead import ahead
from indexer.decoded import Decoded, Examined
from indexer.documents import READERS
from indexer.encoding import PICTURES, encode_batch, is_full
from indexer.reading import Reader
from indexer.report import Tally
from indexer.walk import walk
from retrieval.catalog.records import FoundFile, NewContent, Root, Stamp
from retrieval.catalog.writer import Writer
from retrieval.decode.apart import Apart
from retrieval.errors import MediaTooLarge, ModelUnavailable, UnreachableMedia, UnreadableMedia
from retrieval.library import Library
from retrieval.media import Failure
from retrieval.progress import Progress
from retrieval.roots import is_out_of_reach
from retrieval.settings import settings
from retrieval.speech.transcriber import Transcriber

DEPTH = 3 * PICTURES
"""Decoded files that wait at most: some batches, about a megabyte a picture."""
HEAVY = DEPTH // 4
"""What a document counts for that has pictures of its own, or a picture that has pages."""
NEVER = -1
"""The date of a file that is to be looked at again, though it may not have changed."""


class Pipeline:
    """Brings what lies at or below one place of a root into the catalog."""

    def __init__(
        self, library: Library, writer: Writer, root: Root, tally: Tally, progress: Progress
    ) -> None:
        self._library = library
        self._writer = writer
        self._root = root
        self._tally = tally
        self._progress = progress
        self._gone: set[str] = set()
        self._waiting: dict[str, list[FoundFile]] = {}

    def run(self, under: str, transcriber: Transcriber | None) -> None:
        """Index the files at or below ``under`` and retire those that are gone."""
        stamps = self._writer.stamps(self._root, under)
        changed = self._survey(under, stamps)
        self._gone.update(stamps)
        if changed:
            self._bring_in(changed, transcriber)
        if self._gone and not is_out_of_reach(self._root.path):
            self._tally.removed += self._writer.retire(self._root, self._gone)

    def _survey(self, under: str, stamps: dict[str, Stamp]) -> list[FoundFile]:
        """Walk, list what has changed, and leave the stamps of what is gone.

        Files below a folder that cannot be listed are still there, for all one knows.
        """
        changed, met = [], 0
        for found in walk(self._root.path, under):
            if isinstance(found, FoundFile):
                met += 1
                if stamps.pop(found.path, None) != found.stamp:
                    changed.append(found)
            else:
                self._tally.failures.append(self._described(found.path, found.reason))
                below = "" if found.path == "." else f"{found.path}/"
                for path in [p for p in stamps if p == found.path or p.startswith(below)]:
                    del stamps[path]
        self._progress.total(met)
        self._progress.advance(met - len(changed))
        self._tally.unchanged += met - len(changed)
        return changed

    def _bring_in(self, changed: list[FoundFile], transcriber: Transcriber | None) -> None:
        cores = settings().threads or os.cpu_count() or 1
        apart, pool = Apart(cores), ThreadPoolExecutor(2 * cores, "read")
        reader = Reader(self._root.path, self._library.encoder, self._library.thumbnail_file, apart)
        try:
            examined = ahead(pool, reader.examine, changed, DEPTH)
            fresh = ahead(pool, reader.decode, self._fresh(examined), DEPTH, _weigh)
            for batch in _batches(self._decoded(fresh, reader, transcriber)):
                self._keep(batch)
        finally:
            # First: threads may wait for what is decoded there.
            apart.close()
            pool.shutdown(cancel_futures=True)

    def _fresh(
        self, examined: Iterable[tuple[FoundFile, Examined | Exception | None]]
    ) -> Iterator[Examined]:
        """Pass on what must be decoded; settle what is known, unreadable or no media."""
        for found, outcome in examined:
            if outcome is None:
                self._gone.add(found.path)
                self._progress.advance()
            elif isinstance(outcome, Exception):
                self._fail(found, outcome)
            elif outcome.hash in self._waiting:
                self._waiting[outcome.hash].append(found)
            elif self._writer.knows(outcome.hash):
                self._place(found, outcome.hash)
            else:
                self._waiting[outcome.hash] = []
                yield outcome

    def _decoded(
        self,
        fresh: Iterable[tuple[Examined, Decoded | Exception | None]],
        reader: Reader,
        transcriber: Transcriber | None,
    ) -> Iterator[Decoded]:
        for examined, outcome in fresh:
            if outcome is None:
                outcome = self._listen(examined, reader, transcriber)
            elif isinstance(outcome, ModelUnavailable):
                raise outcome
            if isinstance(outcome, Exception):
                self._give_up(examined, outcome)
            else:
                yield outcome

    def _listen(
        self, examined: Examined, reader: Reader, transcriber: Transcriber | None
    ) -> Decoded | Exception:
        self._progress.note(f"Listening to {examined.found.path}")
        try:
            return reader.listen(examined, transcriber or self._library.transcriber)
        except Exception as error:
            return error

    def _keep(self, batch: list[Decoded]) -> None:
        """Encode and write a batch, then the files that waited for one of it."""
        new: list[NewContent] = []
        for decoded, outcome in encode_batch(batch, self._library.encoder):
            if isinstance(outcome, NewContent):
                new.append(outcome)
            else:
                self._give_up(decoded.examined, outcome)
        self._writer.add(self._root, new)
        self._tally.added += len(new)
        self._progress.advance(len(new))
        for kept in new:
            for follower in self._waiting.pop(kept.content.hash):
                self._place(follower, kept.content.hash)

    def _place(self, found: FoundFile, hash: str) -> None:
        self._writer.place(self._root, found, hash)
        self._tally.reused += 1
        self._progress.advance()

    def _give_up(self, examined: Examined, error: Exception) -> None:
        for found in (examined.found, *self._waiting.pop(examined.hash)):
            self._fail(found, error)

    def _fail(self, found: FoundFile, error: Exception) -> None:
        """Note why a file is not in the library; one that may recover is tried again next time."""
        reason = str(error).split(f"{found.path}: ", 1)[-1] or type(error).__name__
        self._tally.failures.append(self._described(found.path, reason))
        kept = found if _is_lasting(error) else replace(found, mtime_ns=NEVER)
        self._writer.fail(self._root, kept, reason)
        self._progress.advance()

    def _described(self, path: str, reason: str) -> Failure:
        return Failure(str(self._root.path / path), reason)


def _weigh(examined: Examined) -> int:
    return HEAVY if examined.sniffed.mime in {*READERS, "image/tiff"} else 1


def _is_lasting(error: Exception) -> bool:
    """Tell what is wrong with a file's bytes from what reaching them or a setting may change."""
    may_change = isinstance(error, (UnreachableMedia, MediaTooLarge))
    return isinstance(error, UnreadableMedia) and not may_change


def _batches(stream: Iterable[Decoded]) -> Iterator[list[Decoded]]:
    batch: list[Decoded] = []
    for decoded in stream:
        batch.append(decoded)
        if is_full(batch):
            yield batch
            batch = []
    if batch:
        yield batch
