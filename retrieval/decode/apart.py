"""Decoders of native code in processes of their own, where a crash or a hang costs one file.

A process is made when the first file needs it and kept for those that follow; one that dies or
takes too long is replaced. What it may take of time and memory is bounded by the settings.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLong
from functools import cached_property
from pathlib import Path
from signal import Signals
from threading import Lock
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from retrieval.decode.border import name_of
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.settings import settings

P = ParamSpec("P")
T = TypeVar("T")


class Apart:
    """Some processes that decode, shared by threads."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._lock = Lock()

    def decode(self, file: Path, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work for a file in another process, to which all values must be able to go.

        Raises what the work raises, MediaTooLarge when it takes longer than the settings allow and
        UnreadableMedia when its process dies.
        """
        with self._lock:
            pool = self._pool
        seconds = settings().max_decoding_seconds
        try:
            done: T = pool.schedule(work, args=args, kwargs=kwargs, timeout=seconds).result()
        except ProcessExpired as error:
            raise UnreadableMedia(f"{name_of(file)}: {_death(error.exitcode)}") from error
        except TookTooLong as error:
            raise MediaTooLarge(
                f"{name_of(file)}: takes longer than {seconds:g} seconds to decode; "
                "raise TRIPTYCH_MAX_DECODING_SECONDS to allow it"
            ) from error
        return done

    def close(self) -> None:
        """End the processes at once, whatever they are doing."""
        if "_pool" in vars(self):
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

    @cached_property
    def _pool(self) -> ProcessPool:
        # A fork would take along the locks of this process's threads.
        context = multiprocessing.get_context("spawn")
        return ProcessPool(
            self._processes,
            initializer=_bound_memory,
            initargs=(settings().max_decoding_bytes,),
            context=context,
        )


def _bound_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # there are systems without
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    within = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (within, most))


def _death(exitcode: int) -> str:
    if exitcode >= 0:
        return f"its decoder gave up (status {exitcode})"
    number = -exitcode
    name = Signals(number).name if number in set(Signals) else f"signal {number}"
    return f"its decoder crashed ({name}); the file is damaged or hostile"
