"""What goes into the catalog, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.protocol import Vectors
from retrieval.media import Content, Kind, Passage

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Root:
    """A folder whose files are in the library."""

    id: int
    path: Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file without opening it."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file met on a walk; its path is relative to the root, with forward slashes."""

    path: str
    size: int
    mtime_ns: int

    @property
    def stamp(self) -> Stamp:
        """What to compare with the catalog to tell whether the file changed."""
        return Stamp(self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file that was decoded and encoded: row i of the vectors belongs to passage i."""

    file: FoundFile
    content: Content
    passages: tuple[Passage, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Binding:
    """The encoder a library was made with."""

    library: str
    name: str
    revision: str
    fingerprint: str
    dim: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The passages that may answer; ``contents[i]`` is the content of ``passages[i]``."""

    passages: Ids
    contents: Ids
    kinds: dict[Kind, Ids]

    def contents_of(self, passages: Ids) -> Ids:
        """Look up the contents of some of the passages."""
        return self.contents[np.searchsorted(self.passages, passages)]

    def without(self, contents: set[int]) -> Scope:
        """Leave out the passages of some contents."""
        kept = ~np.isin(self.contents, np.array(sorted(contents), np.int64))
        passages = self.passages[kept]
        kinds = {kind: ids[np.isin(ids, passages)] for kind, ids in self.kinds.items()}
        present = {kind: ids for kind, ids in kinds.items() if len(ids)}
        return Scope(passages, self.contents[kept], present)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a catalog holds."""

    items: int
    passages: int
    by_kind: dict[Kind, int]
