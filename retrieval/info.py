"""What a library says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.catalog.records import Binding, Root
from retrieval.media import Failure, Kind
from retrieval.roots import Offline
from retrieval.vectors.gpu import Placement
from retrieval.vectors.manifest import Approximation


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What the vectors are kept in; kinds without an approximation are searched exactly."""

    vectors: int
    bytes: int
    approximations: dict[Kind, Approximation]
    gpus: int
    copies: dict[Kind, Placement]
    """How many GPUs there are to search on, and what of this library they hold by now."""
    notice: str
    """Why files or GPUs could not be used, or nothing."""


@dataclass(frozen=True, slots=True)
class Info:
    """What a library holds, and how."""

    path: Path
    roots: tuple[Root, ...]
    offline: tuple[Offline, ...]
    """Those roots that cannot be reached now; their items are kept."""
    items: int
    passages: int
    by_kind: dict[Kind, int]
    failures: tuple[Failure, ...]
    encoder: Binding
    index: IndexInfo
