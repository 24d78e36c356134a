"""Decoders of native code in processes of their own, where a crash or a hang costs one file.

A process is made when the first file needs it and kept for those that follow; one that dies or
takes too long is replaced. What it may take of time and memory is bounded by the settings; should
whoever asked be killed, what was being decoded ends by itself soon after its time.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from math import inf
from signal import Signals
from threading import Lock
from time import monotonic
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from retrieval.decode.border import Source, name_of
from retrieval.decode.spawning import Strangers
from retrieval.errors import UnreachableMedia, UnreadableMedia
from retrieval.settings import settings

P = ParamSpec("P")
T = TypeVar("T")
GRACE = 5.0
"""Seconds that a process may outlive its time when nobody is left to end it."""
MOMENT = 0.2
"""Seconds after which whoever waits sees to it that there still is something to wait for."""


class Apart:
    """Some processes that decode, shared by threads."""

    def __init__(self, processes: int, patience: float = inf) -> None:
        """Make no process yet; ``patience`` is in seconds, where the settings allow more."""
        self._processes = processes
        self._patience = patience
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._closed = False

    def decode(self, source: Source, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work for a source in another process, to which all values must be able to go.

        Raises what the work raises; UnreadableMedia when it takes longer than the settings allow or
        its process dies, and UnreachableMedia when that is not the file's doing.
        """
        seconds = min(settings().max_decoding_seconds, self._patience)
        pool = self._working_pool()
        timed = partial(_within, seconds + GRACE, work)
        future = pool.schedule(timed, args=args, kwargs=kwargs, timeout=seconds)
        try:
            done = self._result(pool, future)
        except ProcessExpired as error:
            raise _death(source, error.exitcode) from error
        except TookTooLong as error:
            late = f"takes longer than {seconds:g} seconds to decode"
            raise UnreadableMedia(f"{name_of(source)}: {late}{self._advice()}") from error
        except BrokenProcessPool as error:
            raise UnreachableMedia(
                f"{name_of(source)}: the processes that decode have ended; try again"
            ) from error
        return done

    def close(self) -> None:
        """End the processes at once, whatever they are doing, and begin no more."""
        with self._lock:
            self._closed = True
            self._end()

    def _result(self, pool: ProcessPool, future: Future[T]) -> T:
        """Wait for what is being done; processes that are ended may leave it without an answer."""
        until = monotonic() + self._patience
        while not wait([future], MOMENT).done:
            if self._pool is not pool:
                raise BrokenProcessPool
            if monotonic() > until and not future.running() and future.cancel():
                raise UnreachableMedia("Too much is decoded at the moment; try again.")
        return future.result()

    def _advice(self) -> str:
        if self._patience < inf:
            return ""
        return "; raise TRIPTYCH_MAX_DECODING_SECONDS and touch the file to try again"

    def _working_pool(self) -> ProcessPool:
        """Give the processes; where they ended while they had nothing to do, give others."""
        with self._lock:
            if self._closed:
                raise UnreachableMedia("Nothing more is decoded: what asked for it has ended.")
            if self._pool is None or not self._pool.active:
                self._end()
                self._pool = self._begin()
            return self._pool

    def _begin(self) -> ProcessPool:
        # A fork would take along the locks of this process's threads.
        return ProcessPool(
            self._processes,
            initializer=_bound_memory,
            initargs=(settings().max_decoding_bytes,),
            context=Strangers(),
        )

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _within(seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work, or have the system end this process once its time is over."""
    # Nothing of Python's is asked: native code that hangs would not let it come in.
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work(*args, **kwargs)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


def _bound_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # there are systems without
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    within = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (within, most))


def _death(source: Source, exitcode: int) -> UnreadableMedia:
    name = name_of(source)
    if -exitcode in {Signals.SIGKILL, Signals.SIGTERM}:
        return UnreachableMedia(
            f"{name}: its decoder was ended by the system, perhaps for want of memory; try again"
        )
    if exitcode >= 0:
        return UnreadableMedia(f"{name}: its decoder gave up (status {exitcode})")
    signal = Signals(-exitcode).name if -exitcode in set(Signals) else f"signal {-exitcode}"
    if -exitcode in {Signals.SIGABRT, Signals.SIGTRAP}:
        return UnreadableMedia(
            f"{name}: its decoder gave up ({signal}): the file is damaged or hostile, or needs "
            "more memory than TRIPTYCH_MAX_DECODING_BYTES; touch it to try again"
        )
    return UnreadableMedia(
        f"{name}: its decoder crashed ({signal}); the file is damaged or hostile"
    )
