"""Word documents and PowerPoint decks, read as streams of tags.

Their packages are read part by part: no film in a deck is unpacked, no part becomes a tree, and the
words of text boxes, content controls, notes and tracked insertions are read like all others.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.archives import Archive, open_archive
from indexer.bounds import MOST_SHOWN, demand_few_characters, demand_few_pages
from indexer.illustrations import Album
from indexer.opened import Document
from retrieval.decode.border import name_of
from retrieval.errors import UnreadableMedia

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PART = 128 << 20
BESIDE_WORDS = ("header", "footnotes", "endnotes", "chart", "diagramData", "footer")
BESIDE_SLIDES = ("chart", "diagramData", "notesSlide")
"""Parts that also have words, by the last name of their relation's type."""
UNSEEN = {"pPr", "Fallback", "fld", "moveFrom"}
"""Tab stops, the same text for older programs, numbers of slides, text that was moved away."""
SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
PICTURES = {"blip", "imagedata"}
DEEPEST = 1_000
"""Tags within tags; programs nest some tens."""
LETTERS = "wordprocessingml"


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another."""

    id: str
    kind: str
    target: str
    """The other part's name in the archive."""


@dataclass(frozen=True, slots=True)
class Page:
    """A run of text, and the names of the pictures in it."""

    text: str
    pictures: tuple[str, ...]


def read_writing(file: Path) -> Document:
    """Read a Word document, which has no pages until it is laid out.

    Raises UnreadableMedia for a damaged file, MediaTooLarge beyond the bounds.
    """
    with open_archive(file) as archive:
        page = _page(archive, _main_part(archive, file), BESIDE_WORDS, file)
        album = _album(archive, [(None, page)])
        return Document((page.text,), False, _title(archive), album.illustrations)


def read_slides(file: Path) -> Document:
    """Read a deck: a page for each slide, with its notes; the first picture is the cover.

    Raises UnreadableMedia for a damaged file, MediaTooLarge beyond the bounds.
    """
    with open_archive(file) as archive:
        slides = _slides(archive, _main_part(archive, file))
        demand_few_pages(len(slides), file)
        pages, length = [], 0
        for slide in slides:
            pages.append(_page(archive, slide, BESIDE_SLIDES, file))
            length += len(pages[-1].text)
            demand_few_characters(length, file)
        shown = _album(archive, list(enumerate(pages, start=1))).illustrations
        cover = shown[0].image if shown and shown[0].page == 1 else None
        texts = tuple(page.text for page in pages)
        return Document(texts, True, _title(archive), shown, cover)


class _Story:
    """Receives the tags and the text of a part, in Word's language or that of drawings."""

    def __init__(self, file: Path) -> None:
        self.pictures: list[str] = []
        self._file = file
        self._text = StringIO()
        self._depth = self._unseen = self._tables = self._gap = 0
        self._worded = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError("is nested too deep")
        if self._unseen or name in UNSEEN:
            self._unseen += 1
        elif name == "t":
            self._worded = True
        elif name in SIGNS:
            self._write(SIGNS[name])
        elif name == "tbl":
            self._tables += 1
        elif name in PICTURES and len(self.pictures) < MOST_SHOWN:
            ids = (value for key, value in attributes.items() if key.endswith(("}embed", "}id")))
            self.pictures.extend(ids)

    def end(self, tag: str) -> None:
        name = _local(tag)
        self._depth -= 1
        if self._unseen:
            self._unseen -= 1
        elif name == "t":
            self._worded = False
        elif name == "p":
            self._gap = max(self._gap, 2 if LETTERS in tag and not self._tables else 1)
        elif name in {"tbl", "txBody"}:
            self._gap = 2
            self._tables -= name == "tbl"

    def data(self, data: str) -> None:
        if self._worded and not self._unseen:
            self._write(data)

    def close(self) -> str:
        """End the part and give its text, with the white space of its lines made single."""
        lines = (" ".join(line.split()) for line in self._text.getvalue().split("\n"))
        return "\n".join(lines).strip()

    def _write(self, words: str) -> None:
        self._text.write("\n" * self._gap + words)
        self._gap = 0
        demand_few_characters(self._text.tell(), self._file)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _page(archive: Archive, part: str, beside: Sequence[str], file: Path) -> Page:
    """Read a part, and those beside it that have words."""
    parts = [part, *_related(archive, part, beside)]
    texts: list[str] = []
    pictures: list[str] = []
    for name in parts:
        story = _Story(file)
        texts.append(archive.tell(name, story, MOST_PART))
        targets = {relation.id: relation.target for relation in _relations(archive, name)}
        pictures.extend(targets[key] for key in story.pictures if key in targets)
    return Page("\n\n".join(dict.fromkeys(filter(None, texts))), tuple(dict.fromkeys(pictures)))


def _related(archive: Archive, part: str, kinds: Sequence[str]) -> list[str]:
    """Name the parts that a part uses in these ways, in the order of the ways, each once."""
    relations = [one for one in _relations(archive, part) if one.kind in kinds]
    relations.sort(key=lambda relation: kinds.index(relation.kind))
    return list(dict.fromkeys(one.target for one in relations if one.target in archive))


def _album(archive: Archive, pages: Iterable[tuple[int | None, Page]]) -> Album:
    album = Album()
    for number, page in pages:
        for name in page.pictures:
            album.unpack(archive, name, number)
    return album


def _main_part(archive: Archive, file: Path) -> str:
    for main in _related(archive, "", ("officeDocument",)):
        return main
    raise UnreadableMedia(f"{name_of(file)}: is damaged; it does not say where its text is")


def _slides(archive: Archive, main: str) -> list[str]:
    """Name the slides in the order they are shown."""
    targets = {one.id: one.target for one in _relations(archive, main) if one.kind == "slide"}
    shown = archive.tree(main).iterfind(".//{*}sldIdLst/{*}sldId")
    ids = (value for one in shown for key, value in one.attrib.items() if key.endswith("}id"))
    return [name for name in map(targets.get, ids) if name and name in archive]


def _title(archive: Archive) -> str:
    for properties in _related(archive, "", ("core-properties",)):
        return " ".join((archive.tree(properties).findtext("{*}title") or "").split())
    return ""


def _relations(archive: Archive, part: str) -> list[Relation]:
    """Read what a part, or the package itself, says of others within the archive."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive:
        return []
    return [
        Relation(one.get("Id", ""), posixpath.basename(one.get("Type", "")), _target(folder, one))
        for one in archive.tree(relations).iterfind("{*}Relationship")
        if one.get("TargetMode") != "External"
    ]


def _target(folder: str, relation: _Element) -> str:
    target = posixpath.join("/", folder, relation.get("Target", ""))
    return posixpath.normpath(target).lstrip("/")
