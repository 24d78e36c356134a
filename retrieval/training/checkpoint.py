"""The state of a run between two epochs, as one file: it is the old one or the new one.

Tensors and plain JSON, never pickle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

from retrieval.durable import replacing
from retrieval.errors import TrainingError
from retrieval.training.validation import CURVE, Curve

State = Mapping[str, Tensor]


def under(name: str, state: State) -> dict[str, Tensor]:
    """Make a state one part of a larger one."""
    return {f"{name}/{key}": tensor for key, tensor in state.items()}


def part(name: str, state: State) -> dict[str, Tensor]:
    """Take out of a state what ``under`` made part of it."""
    start = f"{name}/"
    return {k.removeprefix(start): t for k, t in state.items() if k.startswith(start)}


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """What a run needs to go on as though it had never stopped."""

    run: str
    """A digest of all that decides what the run does."""
    batch: int
    """Pairs in a step, which may have been chosen by the memory of another machine."""
    curve: Curve
    state: State


def save(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint in the place of the one before."""
    curve = CURVE.dump_json(checkpoint.curve).decode()
    notes = {"run": checkpoint.run, "batch": str(checkpoint.batch), "curve": curve}
    with replacing(file) as temporary:
        temporary.write_bytes(to_bytes(dict(checkpoint.state), notes))


def load(file: Path, run: str) -> Checkpoint | None:
    """Read the checkpoint of a run, if it has one.

    Raise TrainingError for one that is damaged or of a run with other data or settings.
    """
    if not file.exists():
        return None
    try:
        found = _read(file)
    except (OSError, SafetensorError, ValidationError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{file} is damaged ({error}). Delete it to train from the beginning."
        ) from error
    if found.run != run:
        raise TrainingError(
            f"{file.parent} holds a run with another base, other pairs or other settings. Name "
            f"another directory with --out, or delete {file} to train from the beginning."
        )
    return found


def _read(file: Path) -> Checkpoint:
    with safe_open(file, "pt") as stored:
        notes = stored.metadata()
        state = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    return Checkpoint(notes["run"], int(notes["batch"]), CURVE.validate_json(notes["curve"]), state)
