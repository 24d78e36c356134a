"""Processes that know nothing of the program which starts them.

Python has each new process import the program's own script again, which would begin all over there
if it is not guarded by ``if __name__ == "__main__"``. What is done in these processes is found in
modules by their names, so they do without.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
            with STARTING, _nameless_program():
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
