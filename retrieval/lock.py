"""The lock that one writer to a library holds at a time, and who that is.

The operating system lets go of the lock when its holder dies. Who holds it stands in a file beside
it, which is only believed while the lock is held.
"""

from __future__ import annotations

import os
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import LibraryBusy
from retrieval.progress import Progress

if TYPE_CHECKING:
    from filelock import FileLock


class WriteLock:
    """The lock of the library in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._holder = directory / "writer.pid"

    @cached_property
    def _lock(self) -> FileLock:
        from filelock import FileLock

        return FileLock(self._directory / "write.lock")

    def acquire(self, patience: float, progress: Progress) -> None:
        """Take the lock, waiting some seconds for it; raise LibraryBusy if it is still held."""
        if not self._try(0):
            if patience:
                progress.note(f"{self._who()} is writing to {self._directory}. Waiting for it.")
            if not patience or not self._try(patience):
                raise LibraryBusy(
                    f"{self._who()} is writing to {self._directory}. "
                    "Wait until it is done, or stop it."
                )
        self._holder.write_text(f"{os.getpid()}\n", "ascii")

    def release(self) -> None:
        """Give the lock to the next."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _try(self, patience: float) -> bool:
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=patience)
        except Timeout:
            return False
        self._holder.unlink(missing_ok=True)
        return True

    def _who(self) -> str:
        try:
            process = int(self._holder.read_text("ascii"))
            since = datetime.fromtimestamp(self._holder.stat().st_mtime)
        except (OSError, ValueError):
            # It has taken the lock this instant, or has just let go of it.
            return "Another process"
        return f"Another process ({process}, since {since:%Y-%m-%d %H:%M:%S})"
