"""The values that cross the borders between parts: what is kept, asked for and found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PIL.Image import Image


class Kind(StrEnum):
    """What a file, and each passage of it, is to a person."""

    IMAGE = "image"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


# What is kept.


@dataclass(frozen=True, slots=True)
class Passage:
    """One searchable unit: a whole picture, a window of a document or a stretch of speech."""

    kind: Kind
    text: str = ""
    """The words themselves; empty for a picture."""
    page: int | None = None
    """The document's page, from 1."""
    char_start: int | None = None
    char_end: int | None = None
    """The span within the page, or within the whole text where there are no pages."""
    start: float | None = None
    end: float | None = None
    """Seconds into the recording."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, whatever its path: identity is the hash of its bytes."""

    hash: str
    kind: Kind
    mime: str
    size: int
    title: str = ""
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds."""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the library."""

    id: int
    root: Path
    path: str
    """Relative to the root, with forward slashes."""
    modified_at: datetime
    content: Content

    @property
    def file(self) -> Path:
        """Where the file lies on this machine."""
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, and why."""

    path: str
    reason: str


# What is asked for.


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Look for these words' meaning."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ImageTerm:
    """Look for things like this picture, given upright and in RGB."""

    image: Image
    weight: float = 1.0
    hash: str = ""
    """The SHA-256 of the file it came from: a library that holds the file leaves it out."""


@dataclass(frozen=True, slots=True)
class SpeechTerm:
    """Look for what is said in this recording."""

    sound: Path | bytes
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ItemTerm:
    """Look for things like this item of the library, which is left out of the answer."""

    item: int
    weight: float = 1.0


Term = TextTerm | ImageTerm | SpeechTerm | ItemTerm
"""A weight may be negative: less like this."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items may answer; an empty field does not restrict."""

    kinds: frozenset[Kind] = frozenset()
    folder: str = ""
    """A folder, absolute or relative to a root; its sub-folders count."""
    after: datetime | None = None
    before: datetime | None = None
    """Bounds on when a picture was taken or, where unknown, a file was modified."""


@dataclass(frozen=True, slots=True)
class Query:
    """A weighted mix of terms, the filters, and which stretch of the ranking to return."""

    terms: tuple[Term, ...]
    filters: Filters = field(default_factory=Filters)
    k: int = 20
    offset: int = 0


# What is found.


@dataclass(frozen=True, slots=True)
class Hit:
    """One item of an answer, shown by its best passage."""

    item: Item
    passage_id: int
    passage: Passage
    score: float
    """0…1, comparable between kinds and queries; see ``retrieval.search.calibrate``."""
    similarity: float
    """The raw cosine of query and passage."""
    passages: int
    """How many passages of this item ranked within the depth that was searched."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits asked for, best first."""

    hits: tuple[Hit, ...]
    total: int
    """Items that pass the filters, all of them ranked."""
    confident: bool
    """Whether the best hit stands out from what an unrelated item would score."""
    heard: tuple[str, ...]
    """What was understood of each speech term."""
    took_ms: float
