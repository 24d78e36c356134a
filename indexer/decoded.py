"""What the readers of pictures, documents and recordings take and give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image

from indexer.sniff import Sniffed
from retrieval.catalog.records import FoundFile
from retrieval.media import Content, Passage


@dataclass(frozen=True, slots=True)
class Examined:
    """A file whose kind and identity are known."""

    found: FoundFile
    file: Path
    hash: str
    sniffed: Sniffed


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
