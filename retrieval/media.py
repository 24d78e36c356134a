"""The values that cross the borders between parts: what is kept, asked for and found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from retrieval.decode.sound import Sound


class Kind(StrEnum):
    """What a file, and each passage of it, is to a person."""

    IMAGE = "image"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


# What is kept.

PDF = "application/pdf"
DIGEST = 64
"""Characters of a SHA-256, as hexadecimal."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One searchable unit: a picture, a window of a document or a stretch of speech.

    Its kind is what its vector was made from, whatever the kind of its item: a film has pictures
    and speech, a document pictures and text.
    """

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
    """Seconds into the recording or the film."""
    by_user: bool = False
    """Whether the user says it of the file, and not the file or its sidecars."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, and what its sidecars say of it, whatever its path."""

    hash: str
    """Its identity: the SHA-256 of its bytes, followed by a digest of its caption if it has one."""
    kind: Kind
    mime: str
    size: int
    title: str = ""
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds."""
    taken_at: datetime | None = None
    camera: str = ""
    """Its make and model."""
    latitude: float | None = None
    longitude: float | None = None
    """Where it was taken, in degrees north and east."""
    language: str = ""
    """What is spoken, as ISO 639-1."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file's bytes, which copies with other captions share."""
        return self.hash[:DIGEST]

    def looks_different_at(self, passage: Passage) -> bool:
        """Tell whether there is something else to be seen at a passage than the thumbnail shows.

        Of documents only the pages of a PDF can be drawn again without reading all of it.
        """
        if self.kind is Kind.VIDEO:
            return passage.start is not None
        pictured = self.kind is Kind.IMAGE or (self.mime == PDF and passage.kind is Kind.IMAGE)
        return pictured and ((passage.page or 1) > 1 or (passage.start or 0.0) > 0.0)


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the library."""

    id: int
    root: Path
    path: str
    """Relative to the root, with forward slashes."""
    modified_at: datetime
    content: Content
    favourite: bool = False
    caption: str = ""
    """What the user says of it, and of all files of the same bytes, as of a favourite."""

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

    sound: Path | bytes | Sound
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ItemTerm:
    """Look for things like this item of the library, which is left out of the answer."""

    item: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class VectorTerm:
    """Look for what is near to a vector of the library's encoder, of any length but 0."""

    vector: tuple[float, ...]
    weight: float = 1.0


Term = TextTerm | ImageTerm | SpeechTerm | ItemTerm | VectorTerm
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
    min_size: int | None = None
    max_size: int | None = None
    """Bounds on a file's bytes; they belong to the range, as all bounds here do."""
    min_duration: float | None = None
    max_duration: float | None = None
    """Bounds on a recording's seconds; what has no length passes neither."""
    favourite: bool = False
    """Whether only favourites may answer."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a hit's text must hold, one after the other, or must not hold."""

    words: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A weighted mix of terms, the filters, and which stretch of the ranking to return."""

    terms: tuple[Term, ...]
    filters: Filters = field(default_factory=Filters)
    k: int = 20
    offset: int = 0
    phrases: tuple[Phrase, ...] = ()
    exact: bool = False
    """Whether to look at every passage even where an approximate index would be faster."""
    fold: bool = True
    """Whether near-duplicates of a hit stand behind it instead of answering themselves."""

    @property
    def restricts(self) -> bool:
        """Whether not everything may answer; without terms, what may is listed."""
        return bool(self.phrases) or self.filters != Filters()

    @property
    def quotations(self) -> tuple[str, ...]:
        """The phrases that a hit's text must hold."""
        return tuple(phrase.words for phrase in self.phrases if phrase.wanted)


# What is found.

GOOD = 0.5
"""The score from which a hit is more likely real than not; see ``retrieval.search.calibration``."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One item of an answer, shown by its best passage or, where it was only listed, its first."""

    item: Item
    passage_id: int | None
    """None where a recording without words is listed."""
    passage: Passage
    score: float | None
    """0…1, comparable between kinds and queries; see ``retrieval.search.calibration``."""
    similarity: float | None
    """The raw cosine of query and passage."""
    passages: int
    """How many passages of this item answer as well as its best, or hardly worse."""
    alike: tuple[Item, ...] = ()
    """The near-duplicates that stand behind this one, in order of rank."""
    glimpse: bytes = b""
    """What a picture looks like in a few colours; see ``retrieval.alike.glimpse``."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work of answering, and how long it took."""

    name: str
    ms: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits asked for, best first or, where the query only restricts, newest first."""

    hits: tuple[Hit, ...]
    total: int
    """Items that pass the filters, all of them ranked or listed, also those behind others."""
    confident: bool
    """Whether the best hit stands out from what an unrelated item would score, or need not."""
    heard: tuple[str, ...]
    """What was understood of each speech term."""
    took_ms: float
    stages: tuple[Stage, ...]
    """What the time was spent on, in order."""
    words: str = ""
    """What was looked for in words, written or said."""
    quotations: tuple[str, ...] = ()
    """The phrases that every hit's text holds."""
    ranked: bool = True
    """Whether hits have scores; what is listed for passing the filters has none."""
    by_kind: Mapping[Kind, int] = field(default_factory=dict)
    """Items of each kind that pass all filters but those on kinds."""

    @property
    def good(self) -> tuple[Hit, ...]:
        """The hits that are more likely real than not, and those that are only listed."""
        return tuple(hit for hit in self.hits if hit.score is None or hit.score >= GOOD)
