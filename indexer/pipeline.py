"""The stages a folder's files go through, and what is kept of each.

Threads only read: every change to the catalog is made here, by the thread of the run, in the order
of the walk. Of equal files met in one run only the first is decoded; the others wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np

from indexer.ahead import ahead
from indexer.captioning import Unread
from indexer.decoded import Decoded, Examined
from indexer.documents import READERS
from indexer.encoding import PICTURES, encode_batch, is_full
from indexer.reading import Reader
from indexer.report import Tally
from indexer.sniff import judge
from indexer.survey import Survey, survey
from retrieval.catalog.records import FoundFile, KnownContent, NewContent, Root
from retrieval.catalog.stamps import NEVER
from retrieval.catalog.writer import Writer
from retrieval.decode.apart import Apart
from retrieval.errors import (
    DiskFull,
    MediaTooLarge,
    ModelUnavailable,
    UnreachableMedia,
    UnreadableMedia,
)
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
        self._abandoned = Event()
        self._gone: set[str] = set()
        self._others: list[FoundFile] = []
        self._ailing: set[str] = set()
        self._waiting: dict[str, list[FoundFile]] = {}

    def run(self, under: str, transcriber: Transcriber | None) -> None:
        """Index the files at or below ``under`` and retire those that are gone."""
        surveyed = self._survey(under)
        # At once: were the run stopped, the next could not tell them from items.
        sidecars = {one.path for found in surveyed.changed for one in found.sidecars}
        self._writer.retire(self._root, sidecars & surveyed.gone)
        self._gone = surveyed.gone - sidecars
        if surveyed.changed:
            self._bring_in(surveyed.changed, transcriber)
        if self._gone and not is_out_of_reach(self._root.path):
            self._tally.removed += self._writer.retire(self._root, self._gone)
            self._writer.pass_over(self._root, self._others, judge())

    def _survey(self, under: str) -> Survey:
        surveyed = survey(self._root, under, self._writer)
        for folder in surveyed.unlisted:
            self._tally.failures.append(self._described(folder.path, folder.reason))
        self._tally.unchanged += surveyed.unchanged
        self._progress.total(surveyed.met)
        self._progress.advance(surveyed.unchanged)
        return surveyed

    def _bring_in(self, changed: list[FoundFile], transcriber: Transcriber | None) -> None:
        cores = settings().threads or os.cpu_count() or 1
        apart, pool = Apart(cores), ThreadPoolExecutor(2 * cores, "read")
        encoder = ThreadPoolExecutor(1, "encode")
        reader = Reader(self._root.path, self._library.encoder, self._library.thumbnails, apart)
        try:
            examined = ahead(pool, reader.examine, changed, DEPTH)
            fresh = ahead(pool, reader.decode, self._fresh(examined), DEPTH, _weigh)
            batches = _batches(self._decoded(fresh, reader, transcriber))
            # One is encoded while the one before is written.
            for batch, outcomes in ahead(encoder, self._encode, batches, 2):
                self._keep(batch, outcomes)
        finally:
            self._abandoned.set()
            # First: threads may wait for what is decoded there.
            apart.close()
            pool.shutdown(cancel_futures=True)
            encoder.shutdown(cancel_futures=True)

    def _fresh(
        self, examined: Iterable[tuple[FoundFile, Examined | Exception | None]]
    ) -> Iterator[Examined]:
        """Pass on what must be decoded; settle what is known, unreadable or no media."""
        for found, outcome in examined:
            if outcome is None:
                self._gone.add(found.path)
                self._others.append(found)
                self._progress.advance()
            elif isinstance(outcome, Exception):
                self._fail(found, outcome)
            else:
                for unread in outcome.unread:
                    self._fail_sidecar(unread)
                yield from self._new(outcome)

    def _new(self, examined: Examined) -> Iterator[Examined]:
        """Settle a file whose content is known, or will be; pass on one that is neither."""
        if examined.hash in self._waiting:
            self._waiting[examined.hash].append(examined.found)
            return
        versions = self._writer.versions(examined.digest)
        if examined.hash in versions:
            self._place(examined.found, examined.hash)
            return
        self._waiting[examined.hash] = []
        recalled = self._writer.recall(examined.digest) if versions else None
        yield replace(examined, known=recalled)

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

    def _encode(self, batch: list[Decoded]) -> list[NewContent | Exception]:
        return encode_batch(batch, self._library.encoder, self._abandoned)

    def _keep(
        self, batch: list[Decoded], outcomes: list[NewContent | Exception] | Exception
    ) -> None:
        """Write what a batch was encoded to, then the files that waited for one of it."""
        if isinstance(outcomes, Exception):
            raise outcomes
        new: list[NewContent] = []
        for decoded, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, NewContent):
                new.append(_whole(outcome, decoded.examined.known))
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
        if isinstance(error, DiskFull):
            raise error
        self._note(found if _is_lasting(error) else replace(found, mtime_ns=NEVER), error)
        self._progress.advance()

    def _fail_sidecar(self, unread: Unread) -> None:
        """Note why a sidecar's words are missing; it may belong to several files."""
        if unread.sidecar.path not in self._ailing:
            self._ailing.add(unread.sidecar.path)
            # Without what it belongs to, it is to be looked at again.
            self._note(replace(unread.sidecar, mtime_ns=NEVER), unread.error)

    def _note(self, found: FoundFile, error: Exception) -> None:
        reason = str(error).split(f"{found.path}: ", 1)[-1] or type(error).__name__
        self._tally.failures.append(self._described(found.path, reason))
        self._writer.fail(self._root, found, reason)

    def _described(self, path: str, reason: str) -> Failure:
        return Failure(str(self._root.path / path), reason)


def _whole(new: NewContent, known: KnownContent | None) -> NewContent:
    """Put what was known of a file before what is new, its caption."""
    if known is None or not known.passages:
        return new
    vectors = np.concatenate([known.vectors, new.vectors])
    return replace(new, passages=(*known.passages, *new.passages), vectors=vectors)


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
