"""Who wants to know how far a long job is, such as a bar on a terminal."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called from the thread that does the job; a step is a file, a caption or an epoch."""

    def total(self, steps: int) -> None:
        """Learn that there are so many more steps."""

    def advance(self, steps: int = 1) -> None:
        """Learn that so many more steps are done, whatever came of them."""

    def note(self, text: str) -> None:
        """Learn something worth a line, such as what may take a while."""


class Unwatched:
    """A Progress that nobody looks at."""

    def total(self, steps: int) -> None:
        """Ignore it."""

    def advance(self, steps: int = 1) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""
