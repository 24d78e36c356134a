"""The words of an HTML page, as a reader of the page sees them.

The page is read as a stream of tags, in time linear in its length and without a tree, so that
neither size nor nesting nor broken markup can hurt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.bounds import MOST_SHOWN
from indexer.characters import decode_characters

PARAGRAPHS = {
    *("article", "blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("ol", "p", "pre", "section", "table", "ul"),
}
BLOCKS = PARAGRAPHS | {
    *("address", "aside", "body", "br", "caption", "dd", "details", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav"),
    *("option", "select", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
UNSEEN = {"script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object"}
CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?"""
    rb"""((?:gb|big5|shift|euc|iso-|windows-|koi8|cp\d)[\w-]{0,20})""",
    re.IGNORECASE,
)
"""A legacy character set. Python knows more names, some of which decode in quadratic time."""
HEAD = 1024
"""The HTML standard wants the character set named within this many bytes."""
SHOWN = {"img": ("src",), "image": ("href", "xlink:href")}
"""Tags that show a picture, and which attributes name it."""


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page of HTML says."""

    title: str
    text: str
    """What can be seen, a line for each block."""
    pictures: tuple[str, ...]
    """The addresses of the pictures it shows, in their order, as they are written."""


def read_markup(data: bytes) -> Markup:
    """Read a page's title, its visible text and which pictures it shows."""
    from lxml import etree

    reader = _Reader()
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True, recover=True)
    parser.feed(_characters(data).encode("utf-8", "replace"))
    parser.close()
    title = " ".join("".join(reader.title).split())
    return Markup(title, _tidy("".join(reader.parts)), tuple(reader.pictures))


class _Reader:
    """Receives tags and text from the parser."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.title: list[str] = []
        self.pictures: list[str] = []
        self._gap = 0
        self._unseen = 0
        self._titled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        if tag in SHOWN and len(self.pictures) < MOST_SHOWN:
            named = (attributes.get(name) for name in SHOWN[tag])
            self.pictures.extend(address for address in named if address)
        if tag == "title":
            self._titled = True
        self._separate(tag)

    def end(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "title":
            self._titled = False
        self._separate(tag)

    def data(self, data: str) -> None:
        if self._titled and not self.parts:
            self.title.append(data)
        elif not self._unseen and (data.strip() or not self._gap):
            if self.parts:
                self.parts.append("\n" * self._gap)
            self._gap = 0
            self.parts.append(" ".join(f"|{data}|".split())[1:-1])

    def close(self) -> None:
        """Part of the parser's protocol."""

    def _separate(self, tag: str) -> None:
        if tag in BLOCKS:
            self._gap = max(self._gap, 2 if tag in PARAGRAPHS else 1)


def _characters(data: bytes) -> str:
    named = CHARSET.search(data[:HEAD])
    if named:
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_characters(data)


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
