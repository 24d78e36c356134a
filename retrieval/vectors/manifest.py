"""What the files of a library's vectors hold: the one file that says which of the others count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from retrieval.media import Kind

FORMAT = 2
PLAIN = ("int", "float", "str")
"""Types of fields, as annotations name them."""


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
    format: int = FORMAT


Read = TypeVar("Read", Manifest, Volume, Approximation)


def parse_manifest(text: bytes) -> Manifest:
    """Read a manifest, or raise ValueError."""
    # By hand: pydantic takes longer to import than a small library to search.
    try:
        return _manifest(**json.loads(text))
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError("the manifest is damaged, or another version's") from error


def dump_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as JSON."""
    return json.dumps(asdict(manifest)).encode()


def _manifest(volumes: Mapping[str, Any], indexes: Mapping[str, Any], **rest: Any) -> Manifest:
    manifest = Manifest(
        **rest,
        volumes={Kind(kind): _checked(Volume(**about)) for kind, about in volumes.items()},
        indexes={Kind(kind): _checked(Approximation(**about)) for kind, about in indexes.items()},
    )
    if manifest.format != FORMAT:
        raise ValueError(f"format {manifest.format}")
    return _checked(manifest)


def _checked(read: Read) -> Read:
    for each in fields(read):
        held = type(getattr(read, each.name)).__name__
        if each.type in PLAIN and held != each.type:
            raise ValueError(f"{each.name} is of type {held}")
    return read
