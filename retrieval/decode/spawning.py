"""Processes that know nothing of the program which starts them.

Python has each new process import the program's own script again, which would begin all over there
if it is not guarded by ``if __name__ == "__main__"``. What is done in these processes is found in
modules by their names, so they do without.

Ctrl-C, which reaches all processes of a terminal, is for the program alone: it ends the others.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from threading import RLock
from types import ModuleType
from typing import Any

STARTING = RLock()
"""Held while a process is started, and while something is imported that must not happen then."""


class Strangers(SpawnContext):
    """Starts processes; a context of ``multiprocessing``."""

    class Process(SpawnProcess):
        """A process that does not import the program's script."""

        @staticmethod
        def _Popen(process: BaseProcess) -> Any:
            with STARTING, _nameless_program(), _deaf_to_ctrl_c():
                return SpawnProcess._Popen(process)


class _Nameless(ModuleType):
    """Stands for the program's script, and has all that it has but for a file and a name."""

    __file__ = None
    __spec__ = None

    def __init__(self, program: ModuleType) -> None:
        super().__init__("__main__")
        self._program = program

    def __getattr__(self, name: str) -> Any:
        return getattr(self._program, name)


@contextmanager
def _nameless_program() -> Iterator[None]:
    program = sys.modules["__main__"]
    sys.modules["__main__"] = _Nameless(program)
    try:
        yield
    finally:
        sys.modules["__main__"] = program


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Block the signal in this thread: a new process inherits that from its very first moment."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It would be started on the way, and unblocks the signal when it is.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
