"""The directory that a run writes to: the encoder itself, and beside it what the run goes on from.

``work/`` may be deleted once training is done; it holds vectors of a person's own pictures, so it
is better not passed on with the encoder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.encoders.adapted import CONFIG, HEADS, TOWERS
from retrieval.errors import TrainingError

WORK = "work"


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where each file of a run is."""

    folder: Path

    @property
    def config(self) -> Path:
        """What makes the directory an encoder; written last."""
        return self.folder / CONFIG

    @property
    def heads(self) -> Path:
        """The trained heads."""
        return self.folder / HEADS

    @property
    def towers(self) -> Path:
        """The open_clip model whose blocks were trained along."""
        return self.folder / TOWERS

    @property
    def card(self) -> Path:
        """What it is, for people."""
        return self.folder / "MODEL_CARD.md"

    @property
    def curve(self) -> Path:
        """The learning curve as a picture."""
        return self.folder / "curve.svg"

    @property
    def checkpoint(self) -> Path:
        """Where the run stands."""
        return self.folder / WORK / "checkpoint.safetensors"

    @property
    def vectors(self) -> Path:
        """The base's vectors of all photos and texts."""
        return self.folder / WORK / "vectors"


@contextmanager
def workplace(folder: Path) -> Iterator[Workplace]:
    """Take a directory for one run alone, making it if need be.

    Raise TrainingError where it holds other things, or where another run is at work.
    """
    place = Workplace(folder.expanduser().absolute())
    work = place.folder / WORK
    lock = FileLock(work / "lock")
    try:
        _demand_own(place.folder)
        work.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise TrainingError(
            f"Another process is training into {folder}. Wait until it is done, or stop it."
        ) from error
    except OSError as error:
        raise TrainingError(
            f"{folder} cannot be written to ({error.strerror}). Name another with --out."
        ) from error
    try:
        yield place
    finally:
        lock.release()


def _demand_own(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / WORK).is_dir():
        raise TrainingError(f"{folder} holds other files already. Name a new directory with --out.")
