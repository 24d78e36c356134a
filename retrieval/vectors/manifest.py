"""What the files of a library's vectors hold: the one file that says which of the others count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from retrieval.media import Kind


@dataclass(frozen=True, slots=True)
class Volume:
    """The files of one kind: their number, and the rows that count."""

    number: int
    rows: int


@dataclass(frozen=True, slots=True)
class Approximation:
    """An approximate index over one kind's passages with ids up to ``last``."""

    number: int
    last: int
    trained_on: int
    """The rows there were when its lists were drawn up."""
    lists: int
    nprobe: int
    """How many lists there are, and how many of them a search looks into."""
    recall: float
    """The share of the ten nearest that it finds, measured on this library with words."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the files are a cache of: a library's vectors with ids up to ``last``."""

    library: str
    dim: int
    last: int
    volumes: dict[Kind, Volume] = field(default_factory=dict)
    indexes: dict[Kind, Approximation] = field(default_factory=dict)
    format: Literal[2] = 2


_SHAPE = TypeAdapter(Manifest)


def parse_manifest(text: bytes) -> Manifest:
    """Read a manifest, or raise ValueError."""
    try:
        return _SHAPE.validate_json(text)
    except ValidationError as error:
        raise ValueError("the manifest is damaged, or another version's") from error


def dump_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as JSON."""
    return _SHAPE.dump_json(manifest)
