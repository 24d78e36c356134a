"""What a run did with the files it met."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.media import Failure
from retrieval.roots import Offline


@dataclass(frozen=True, slots=True)
class Report:
    """Counts by what became of the files, and those that failed."""

    added: int = 0
    """Files whose content was decoded and encoded."""
    reused: int = 0
    """Files that were new or changed, but whose content was known."""
    unchanged: int = 0
    """Files that were not opened, since neither size nor date had changed."""
    removed: int = 0
    """Files that are gone from the folder."""
    offline: tuple[Offline, ...] = ()
    """Roots that were passed over, since they cannot be reached; their items are kept."""
    failures: tuple[Failure, ...] = ()
    """Files and folders that could not be read, in the order they were met."""
    interrupted: bool = False
    """Whether the run was stopped before its end; another one goes on from there."""


class Tally:
    """Counts what a run does, while it does it."""

    def __init__(self) -> None:
        self.added = self.reused = self.unchanged = self.removed = 0
        self.offline: dict[Path, Offline] = {}
        self.failures: list[Failure] = []

    def report(self, interrupted: bool) -> Report:
        """Sum up."""
        counts = (self.added, self.reused, self.unchanged, self.removed)
        offline = tuple(self.offline.values())
        return Report(*counts, offline, tuple(self.failures), interrupted)
