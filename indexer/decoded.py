"""What the readers of pictures, documents and recordings take and give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image

from indexer.caption import NO_CAPTION, Caption
from indexer.captioning import Unread
from indexer.sniff import Sniffed
from retrieval.catalog.records import FoundFile, KnownContent
from retrieval.media import DIGEST, Content, Passage


@dataclass(frozen=True, slots=True)
class Examined:
    """A file whose kind and identity are known."""

    found: FoundFile
    file: Path
    hash: str
    sniffed: Sniffed
    caption: Caption = NO_CAPTION
    """What its sidecars say of it."""
    unread: tuple[Unread, ...] = ()
    """The sidecars that could not be read."""
    known: KnownContent | None = None
    """What is known of its bytes by themselves, of which only the caption is new."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return self.hash[:DIGEST]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's content, ready to be encoded."""

    examined: Examined
    content: Content
    passages: tuple[Passage, ...]
    pictures: tuple[Image, ...] = ()
    """What the image passages are encoded from, in their order."""
    cover: Image | None = None
    """What the thumbnail shows; nothing for what has no looks."""
