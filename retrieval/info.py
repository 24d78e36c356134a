"""What a library says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.catalog.records import Binding, Root
from retrieval.media import Failure, Kind
from retrieval.roots import Offline
from retrieval.vectors.gpu import Placement
from retrieval.vectors.manifest import Approximation
from retrieval.vectors.store import VectorStore

if TYPE_CHECKING:
    from retrieval.library import Library


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


def describe(library: Library) -> Info:
    """Say what a library holds, and how."""
    counts = library.catalog.census.counts()
    return Info(
        path=library.path,
        roots=tuple(library.catalog.roots()),
        offline=library.offline(),
        items=counts.items,
        passages=counts.passages,
        by_kind=counts.by_kind,
        failures=library.catalog.census.failures(),
        encoder=library.binding,
        index=_describe_index(library.vectors),
    )


def _describe_index(kept: VectorStore) -> IndexInfo:
    copies = kept.mirrors.placements
    return IndexInfo(len(kept), kept.bytes, kept.indexes, kept.gpus, copies, kept.notice)
