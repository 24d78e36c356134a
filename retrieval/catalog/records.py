"""What goes into the catalog, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Self

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
    beside: int = 0
    """Stands for the names, sizes and dates of its sidecars; 0 where it has none."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file met on a walk; its path is relative to the root, with forward slashes."""

    path: str
    size: int
    mtime_ns: int
    sidecars: tuple[FoundFile, ...] = ()
    """The files beside it that say something about it."""

    @property
    def stamp(self) -> Stamp:
        """What to compare with the catalog to tell whether the file changed."""
        return Stamp(self.size, self.mtime_ns, _digest(self.sidecars) if self.sidecars else 0)


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file that was decoded and encoded: row i of the vectors belongs to passage i."""

    file: FoundFile
    content: Content
    passages: tuple[Passage, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class KnownContent:
    """What the catalog keeps of a content: row i of the vectors belongs to passage i."""

    content: Content
    passages: tuple[Passage, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class NewCaption:
    """What the user says of a file: row i of the vectors belongs to passage i."""

    text: str
    """Empty where nothing is said any more."""
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


@dataclass(frozen=True, slots=True, eq=False)
class StoredVectors:
    """Passages' vectors, [n, dim], as the catalog keeps them; the arrays run in parallel."""

    ids: Ids
    kinds: NDArray[np.str_]
    contents: Ids
    vectors: Vectors


@dataclass(frozen=True, eq=False)
class Scope:
    """The contents that may answer: ``holds[id]`` is true of them.

    The first and the last place belong to no content, so that a lookup which clips is safe.
    """

    holds: NDArray[np.bool_]

    @classmethod
    def of(cls, contents: Ids) -> Self:
        """Make a scope of content ids."""
        holds = np.zeros(int(contents.max(initial=0)) + 2, np.bool_)
        holds[contents] = True
        return cls(holds)

    def __contains__(self, content: int) -> bool:
        return content < len(self.holds) and bool(self.holds[content])

    def within(self, contents: Ids) -> Scope:
        """Keep only some contents."""
        kept = np.zeros_like(self.holds)
        kept[contents[contents < len(kept)]] = True
        return Scope(self.holds & kept)

    def without(self, contents: set[int]) -> Scope:
        """Leave out some contents."""
        holds = self.holds.copy()
        holds[[content for content in contents if content in self]] = False
        return Scope(holds)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a catalog holds."""

    items: int
    passages: int
    by_kind: dict[Kind, int]


def _digest(sidecars: tuple[FoundFile, ...]) -> int:
    """Make 64 bits, signed as SQLite has them, of what would show a change of sidecars."""
    lines = (f"{PurePosixPath(one.path).name}\n{one.size}\n{one.mtime_ns}" for one in sidecars)
    digest = blake2b("\n".join(lines).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
