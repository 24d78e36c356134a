"""EPUB books: the chapters in the order they are read, each a page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

from indexer.archives import Archive, open_archive
from indexer.bounds import demand_few_characters, demand_few_pages
from indexer.illustrations import Album
from indexer.markup import Markup, read_markup
from indexer.opened import Document
from retrieval.decode.border import name_of
from retrieval.errors import UnreadableMedia

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTAINER = "META-INF/container.xml"
LOCKS = "META-INF/encryption.xml"
MOST_CHAPTER = 32 << 20


@dataclass(frozen=True, slots=True)
class Binding:
    """What a book's package says of it."""

    title: str
    chapters: tuple[str, ...]
    """Names in the archive, in the order of reading."""
    cover: str
    """The picture's name; empty where none is named."""


def read_book(file: Path) -> Document:
    """Read a book: a page for each chapter, and the cover as a picture of the first.

    Raises UnreadableMedia for a damaged or protected book, MediaTooLarge beyond the bounds.
    """
    with open_archive(file) as archive:
        binding = _binding(archive, file)
        demand_few_pages(len(binding.chapters), file)
        _demand_unlocked(archive, binding, file)
        pages = list(_chapters(archive, binding, file))
        album = Album()
        album.unpack(archive, binding.cover, 1)
        cover = next((shown.image for shown in album.illustrations), None)
        for number, (name, page) in enumerate(zip(binding.chapters, pages, strict=True), start=1):
            for address in page.pictures:
                album.unpack(archive, _resolved(name, address), number)
        texts = tuple(page.text for page in pages)
        return Document(texts, True, binding.title, album.illustrations, cover)


def _binding(archive: Archive, file: Path) -> Binding:
    rootfile = archive.tree(CONTAINER).find(".//{*}rootfile")
    package = "" if rootfile is None else rootfile.get("full-path", "")
    if package not in archive:
        raise UnreadableMedia(f"{name_of(file)}: is damaged; it does not say where its text is")
    root = archive.tree(package)
    items = list(root.iterfind(".//{*}manifest/{*}item"))
    names = {item.get("id"): _resolved(package, item.get("href", "")) for item in items}
    spine = [names.get(one.get("idref"), "") for one in root.iterfind(".//{*}spine/{*}itemref")]
    chapters = tuple(dict.fromkeys(name for name in spine if name in archive))
    if not chapters:
        raise UnreadableMedia(f"{name_of(file)}: is damaged; it has no chapters")
    title = " ".join((root.findtext(".//{*}metadata/{*}title") or "").split())
    return Binding(title, chapters, names.get(_cover(root, items), ""))


def _cover(root: _Element, items: Sequence[_Element]) -> str:
    """Give the id of the cover's picture, as EPUB 3 or EPUB 2 names it; empty for none."""
    for item in items:
        if "cover-image" in item.get("properties", "").split():
            return str(item.get("id"))
    for meta in root.iterfind(".//{*}metadata/{*}meta"):
        if meta.get("name") == "cover":
            return str(meta.get("content"))
    return ""


def _demand_unlocked(archive: Archive, binding: Binding, file: Path) -> None:
    """Raise UnreadableMedia for chapters under a lock; fonts often are, and matter to none."""
    if LOCKS not in archive:
        return
    references = archive.tree(LOCKS).iterfind(".//{*}CipherReference")
    if {unquote(one.get("URI", "")) for one in references} & set(binding.chapters):
        raise UnreadableMedia(f"{name_of(file)}: is protected against copying and cannot be read")


def _chapters(archive: Archive, binding: Binding, file: Path) -> Iterator[Markup]:
    length = 0
    for name in binding.chapters:
        page = read_markup(archive.read(name, MOST_CHAPTER))
        length += len(page.text)
        demand_few_characters(length, file)
        yield page


def _resolved(name: str, address: str) -> str:
    """Name the entry that a file of the book means by an address."""
    path = unquote(urldefrag(address).url)
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), path)).lstrip("/")
