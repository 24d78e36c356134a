"""Who wants to know how far a run is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called from the thread that trains."""

    def total(self, steps: int) -> None:
        """Learn that there are so many more steps."""

    def advance(self, steps: int = 1) -> None:
        """Learn that so many more steps are done."""

    def note(self, text: str) -> None:
        """Learn something worth a line."""
