"""The language of the one-line box: words, quotes, minus signs, weights and operators.

    a dog on the beach          words together are one thing to look for
    "red barn"  -"red barn"     the exact words must, or must not, be in a hit's text
    -fence                      less like this
    2:dog  0.5:"red car"        a thing of its own weight; quotes hold its words together
    kind:image  in:Holiday      filters, see ``retrieval.search.restrictions``
    like:12                     things like that item of the library

Every line has a reading: an operator that makes no sense (``kind:banana``), a time (``12:30``), a
lone quote or hyphen is ordinary text. An operator stands at the start of a word. Pure, and linear
in the line's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain

from retrieval.media import Filters, ItemTerm, Kind, Phrase, TextTerm
from retrieval.search.quotation import quoted, says_something
from retrieval.search.restrictions import OPERATORS, add_up, read_kinds
from retrieval.sentences import Span

UNWANTED = -0.5
"""The weight of what has a minus and no number."""

LONGEST = 10_000
"""Characters of a line that may hold operators: what is longer is prose that somebody pasted."""

MOST_TERMS = 16
"""Terms and phrases of a line; where there are more it is prose as well, and all of it is words."""

HEAVIEST = 10.0

OPENING = re.compile(r'(?<!\S)\S|["＂“「『]')
HEAD = re.compile(r"([-－−])?(?:(\d{1,2}(?:\.\d{1,3})?)[:：])?")
NAME = re.compile(r"([^\W\d_]{1,9})[:：]")
IDS = re.compile(r"#?\d{1,18}(?:[,，、]#?\d{1,18})*")
WORD = re.compile(r"\S+")
SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for; without a term it only restricts."""

    terms: tuple[TextTerm | ItemTerm, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class _Without:
    """Kinds that are left out."""

    kinds: frozenset[Kind]


_Part = str | TextTerm | ItemTerm | Phrase | Filters | _Without
_Found = tuple[tuple[_Part, ...], int]
"""What an element says, and where it ends."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The sign and the weight before an element."""

    minus: bool
    weight: float | None

    @property
    def signed(self) -> float:
        if self.weight is None:
            return UNWANTED if self.minus else 1.0
        return -self.weight if self.minus else self.weight

    @property
    def bare(self) -> bool:
        return not self.minus and self.weight is None


def read_line(line: str) -> Line:
    """Read a line of the search box."""
    line = _whole(line)
    if len(line) > LONGEST:
        return as_it_stands(line)
    read = _put_together(list(_parts(line)))
    return read if len(read.terms) + len(read.phrases) <= MOST_TERMS else as_it_stands(line)


def read_lines(lines: Iterable[str]) -> Line:
    """Read each line by itself and join what they say: kinds add up, other filters narrow."""
    read = [read_line(line) for line in lines]
    return Line(
        tuple(chain.from_iterable(line.terms for line in read)),
        tuple(chain.from_iterable(line.phrases for line in read)),
        reduce(add_up, (line.filters for line in read), Filters()),
    )


def find_restrictions(line: str) -> tuple[Span, ...]:
    """Find where a line says filters: where each starts and ends, in code points."""
    line = _whole(line)
    if read_line(line).filters == Filters():  # also where it is prose
        return ()
    return tuple(
        (start, start + len(line[start:end].rstrip()))
        for start, end, parts in _elements(line)
        if any(isinstance(part, Filters | _Without) for part in parts)
    )


def as_it_stands(text: str) -> Line:
    """Take a text as words to look for and nothing else."""
    words = _whole(text).strip()
    return Line((TextTerm(words),)) if words else Line()


def _whole(text: str) -> str:
    """Replace halves of characters, which a command line or JSON may hold but no encoder reads."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _put_together(parts: list[_Part]) -> Line:
    phrases = tuple(dict.fromkeys(part for part in parts if isinstance(part, Phrase)))
    spoken = (p.words if isinstance(p, Phrase) and p.wanted else p for p in parts)
    words = as_it_stands("".join(part for part in spoken if isinstance(part, str)))
    others = (part for part in parts if isinstance(part, TextTerm | ItemTerm))
    filters = reduce(add_up, (part for part in parts if isinstance(part, Filters)), Filters())
    left = frozenset[Kind]().union(*(part.kinds for part in parts if isinstance(part, _Without)))
    if left:
        kinds = (filters.kinds or frozenset(Kind)) - left
        filters = replace(filters, kinds=kinds or filters.kinds)
    return Line((*words.terms, *others), phrases, filters)


# From left to right.


def _parts(line: str) -> Iterator[_Part]:
    """Yield what the line says; ordinary text comes as it stands, in pieces."""
    begun = 0
    for start, end, parts in _elements(line):
        yield line[begun:start]
        yield from parts
        begun = end
    yield line[begun:]


def _elements(line: str) -> Iterator[tuple[int, int, tuple[_Part, ...]]]:
    """Yield what is more than ordinary text: where it starts and ends, and what it says."""
    at = 0
    while match := OPENING.search(line, at):
        at = match.end()
        found = _element(line, match.start()) or _quotation(line, match.start())
        if found:
            parts, at = found
            yield match.start(), at, parts


def _element(line: str, at: int) -> _Found | None:
    """Read an operator, or a word or quotation with a sign or weight, and the space after it."""
    if at and not line[at - 1].isspace():
        return None
    match = HEAD.match(line, at)
    assert match is not None
    head = _Head(match[1] is not None, float(match[2]) if match[2] else None)
    if head.weight is not None and not 0 < head.weight <= HEAVIEST:
        return None
    found = _operator(line, match.end(), head) or _weighted(line, match.end(), head)
    if found is None:
        return None
    space = SPACE.match(line, found[1])
    assert space is not None
    return found[0], space.end()


def _operator(line: str, at: int, head: _Head) -> _Found | None:
    name = NAME.match(line, at)
    value = _value(line, name.end()) if name else None
    if name is None or value is None:
        return None
    parts = _said(name[1].casefold(), value[0], head)
    return (parts, value[1]) if parts else None


def _said(name: str, value: str, head: _Head) -> tuple[_Part, ...]:
    """Give what an operator says; nothing where its value or its head makes no sense."""
    if name in ("like", "类似"):
        ids = re.findall(r"\d+", value) if IDS.fullmatch(value) else []
        return tuple(ItemTerm(int(number), head.signed) for number in ids)
    if name in ("kind", "类型") and head.minus and head.weight is None:
        kinds = read_kinds(value)
        return (_Without(kinds),) if kinds else ()
    filters = OPERATORS[name](value) if name in OPERATORS and head.bare else None
    return (filters,) if filters else ()


def _weighted(line: str, at: int, head: _Head) -> _Found | None:
    """Read a word or quotation after a sign or weight; a number there is a number or a time."""
    word, quotation = WORD.match(line, at), quoted(line, at)
    if head.bare or word is None:
        return None
    if quotation is None:
        return ((TextTerm(word[0], head.signed),), word.end()) if word[0][0].isalpha() else None
    words, end = quotation
    if not says_something(words):
        return None
    return (Phrase(words, False) if head.weight is None else TextTerm(words, head.signed),), end


def _quotation(line: str, at: int) -> _Found | None:
    """Read a quotation; one without words is ordinary text."""
    quotation = quoted(line, at)
    if quotation is None:
        return None
    words, end = quotation
    return (Phrase(words) if says_something(words) else line[at:end],), end


def _value(line: str, at: int) -> tuple[str, int] | None:
    """Take a quotation or a word, and where it ends."""
    word = WORD.match(line, at)
    return quoted(line, at) or ((word[0], word.end()) if word else None)
