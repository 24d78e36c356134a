"""Indexing at the server's hand: one run at a time, in a thread, that can be watched and stopped.

A run is what ``triptych index`` does, and searching goes on beside it. What it has kept when it is
stopped, or when the server ends, stays; the next run goes on from there. What a run tells is for
those who ask the server: see ``webui.discretion``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count, islice
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Protocol

from werkzeug.exceptions import Conflict

from retrieval.errors import InvalidQuery, NotFound, TriptychError
from webui.discretion import Discretion

if TYPE_CHECKING:
    from retrieval.library import Library
    from retrieval.media import Failure
    from retrieval.progress import Progress

logger = logging.getLogger(__name__)

REMEMBERED = 20
"""Runs that are known about, and notes of each."""
SECONDS_TO_STOP = 10.0


class Outcome(Protocol):
    """What a run did with the files it met: counts, and those that failed."""

    @property
    def added(self) -> int:
        """Files whose content was encoded."""

    @property
    def reused(self) -> int:
        """Files that were new or changed, with a known content."""

    @property
    def unchanged(self) -> int:
        """Files that were not opened."""

    @property
    def removed(self) -> int:
        """Files that are gone."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Files that could not be read."""

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before its end."""


Indexer = Callable[["Library", Sequence[Path], "Progress"], Outcome]
"""Brings a library up to date with places, some of which may be gone."""


class State(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Job:
    """A run, and the ``Progress`` that it reports to; safe to share between threads."""

    def __init__(self, number: int, places: tuple[Path, ...], discretion: Discretion) -> None:
        self.number = number
        self.places = places
        self._discretion = discretion
        self.began = datetime.now(UTC)
        self.state = State.RUNNING
        self.steps = self.done = 0
        self.notes: list[str] = []
        self.outcome: Outcome | None = None
        self.error = ""
        self._lock = Lock()
        self._stopping, self._ended = Event(), Event()

    def total(self, steps: int) -> None:
        """Learn that there are so many more steps."""
        with self._lock:
            self.steps += steps

    def advance(self, steps: int = 1) -> None:
        """Learn that so many more steps are done; end the run here if that was asked for."""
        with self._lock:
            self.done += steps
        if self._stopping.is_set():
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        """Keep one of the last notes."""
        with self._lock:
            self.notes = [*self.notes, self._discretion.say(text)][-REMEMBERED:]

    def stop(self) -> None:
        """Ask the run to end after the file it is at."""
        self._stopping.set()

    def end(self, outcome: Outcome | None, error: str = "") -> None:
        """Note how the run ended."""
        with self._lock:
            self.outcome, self.error = outcome, self._discretion.say(error)
            stopped = outcome is not None and outcome.interrupted
            self.state = State.FAILED if error else State.STOPPED if stopped else State.DONE
        self._ended.set()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Files that could not be read, as far as is known by now."""
        return self._discretion.say_why(self.outcome.failures) if self.outcome else ()

    def changes(self, pause: float) -> Iterator[None]:
        """Yield at once, then every so many seconds, and last when the run has ended."""
        while self.state is State.RUNNING:
            yield
            self._ended.wait(pause)
        yield


class Jobs:
    """The runs of one server."""

    def __init__(self, library: Library, indexer: Indexer | None) -> None:
        self._library = library
        self._indexer = indexer
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}
        self._beginning = Lock()
        self._thread: Thread | None = None

    def begin(self, folder: str) -> Job:
        """Begin a run over a folder that lies in an indexed one, or over all if it is empty.

        Raise InvalidQuery for another folder, Conflict while a run is not over, NotFound where the
        server has no indexer.
        """
        if self._indexer is None:
            raise NotFound("This server does not index: run `triptych index`.")
        places = self._places(folder)
        with self._beginning:
            if running := [job for job in self._jobs.values() if job.state is State.RUNNING]:
                raise Conflict(f"Run {running[0].number} is not over; watch it, or stop it first.")
            job = Job(next(self._numbers), places, Discretion(self._library))
            self._jobs = {job.number: job, **dict(islice(self._jobs.items(), REMEMBERED - 1))}
            self._thread = Thread(target=self._run, args=(job, self._indexer), daemon=True)
            self._thread.start()
        return job

    def all(self) -> list[Job]:
        """List the last runs, the newest first."""
        return list(self._jobs.values())

    def job(self, number: int) -> Job:
        """Find a run, or raise NotFound."""
        try:
            return self._jobs[number]
        except KeyError:
            raise NotFound(f"There is no run {number}.") from None

    def close(self) -> None:
        """Stop what runs, and wait a little for it."""
        for job in self.all():
            job.stop()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_STOP)

    def _places(self, folder: str) -> tuple[Path, ...]:
        roots = tuple(root.path for root in self._library.catalog.roots())
        if not folder:
            return roots
        try:
            place = Path(folder).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            place = Path()
        if not any(place.is_relative_to(root) for root in roots):
            raise InvalidQuery(
                "folder: it lies in no folder that was indexed before. Name one that does, or run "
                "`triptych index` with it once."
            )
        return (place,)

    def _run(self, job: Job, indexer: Indexer) -> None:
        try:
            job.end(indexer(self._library, job.places, job))
        except TriptychError as error:
            logger.error("run %d: %s", job.number, error)
            job.end(None, str(error))
        except Exception:  # it ends the run and not the server, and the page must hear of it
            logger.exception("run %d failed", job.number)
            job.end(None, "Something went wrong in the server; its log says what.")
