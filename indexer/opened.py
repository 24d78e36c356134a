"""What is in a document once its file has been opened: values that another process may send."""

from __future__ import annotations

from dataclasses import dataclass

from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture in a document, or a page that is one."""

    image: Image
    """Upright RGB, reduced as a picture file's would be."""
    page: int | None = None
    """From 1, where the document has pages."""
    lettering: str = ""
    """What is written in it, if it was read."""


@dataclass(frozen=True, slots=True)
class Document:
    """The words and the pictures of a document."""

    texts: tuple[str, ...]
    """The text of each page, or one text where there are no pages."""
    paged: bool = False
    """Pages are those of a PDF, the slides of a deck and the chapters of a book."""
    title: str = ""
    illustrations: tuple[Illustration, ...] = ()
    """In the order of their pages."""
    cover: Image | None = None
