"""What the server says to a person, in the language that they read.

Messages are made in English, with names and numbers put in, and are kept and logged so. Where one
leaves for a reader of Chinese it is known again by the words around what was put in. What none of
our messages says, such as the words of another library, stays as it is. A message may hold what a
client sent: telling it apart takes no longer than reading it a few times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Self

from flask import Response, after_this_request, request

from webui.chinese import CHINESE

if TYPE_CHECKING:
    from retrieval.media import Failure

COOKIE = "triptych-language"
"""Where the page's switch keeps the choice."""
ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
FIELD = re.compile(r"\{(\w+)\}")
SAYING = frozenset({"done", "fault", "kind", "later", "mime", "otherwise", "reason", "who"})
"""Fields of messages in which there is a message again; all others are names and numbers."""
DEEPEST = 3
"""Messages within each other that are told apart."""
BEGINNING = re.compile(r"(?:^|: )()")
"""Where our words may begin: before them stand the file or the field that they are about."""
BEGINNINGS = 8


@dataclass(frozen=True, slots=True)
class Template:
    """A message before names and numbers are put in, and what it is in Chinese."""

    pieces: tuple[str, ...]
    """What stands before, between and after the fields."""
    fields: tuple[str, ...]
    chinese: str

    @classmethod
    def of(cls, english: str, chinese: str) -> Self:
        """Take a message apart at its fields, each in braces."""
        parts = tuple(FIELD.split(english))
        return cls(parts[::2], parts[1::2], chinese)

    def values_in(self, words: str) -> Mapping[str, str] | None:
        """Find what was put into the fields, each as short as can be; nothing in other words."""
        if not self.fields:
            return {} if words == self.pieces[0] else None
        first, *inner, last = self.pieces
        at, end = len(first), len(words) - len(last)
        if end < at or not (words.startswith(first) and words.endswith(last)):
            return None
        values = []
        for piece in inner:
            found = words.find(piece, at, end)
            if found < 0:
                return None
            values.append(words[at:found])
            at = found + len(piece)
        values.append(words[at:end])
        if not first and ": " in values[0]:
            return None  # It would take along what the message is about.
        return dict(zip(self.fields, values, strict=True))


TEMPLATES = tuple(Template.of(english, chinese) for english, chinese in CHINESE.items())


def reader_language() -> str:
    """Tell what the sender of this request reads: as it was chosen on the page, else preferred."""
    after_this_request(_vary)
    preferred = (tag for tag, quality in request.accept_languages if quality > 0)
    chosen = request.cookies.get(COOKIE, "")
    read = (tag[:2].lower() for tag in (chosen, *preferred))
    return next((language for language in read if language in LANGUAGES), ENGLISH)


def translate(message: str, language: str) -> str:
    """Say a message, of one line, in a language."""
    return message if language == ENGLISH else _in_chinese(message, DEEPEST)


def translate_reasons(failures: Iterable[Failure], language: str) -> tuple[Failure, ...]:
    """Say in a language why files could not be read."""
    told = tuple(failures)
    said = {reason: translate(reason, language) for reason in {one.reason for one in told}}
    return tuple(replace(one, reason=said[one.reason]) for one in told)


def _in_chinese(message: str, depth: int) -> str:
    for beginning in islice(BEGINNING.finditer(message), BEGINNINGS):
        at = beginning.start(1)
        if said := _say(message[at:], depth):
            return message[:at] + said
    return message


def _say(words: str, depth: int) -> str:
    """Say words in Chinese if they are a message, without what it is about."""
    for template in TEMPLATES:
        values = template.values_in(words)
        if values is not None:
            said = {name: _within(name, value, depth) for name, value in values.items()}
            return template.chinese.format_map(said)
    return ""


def _within(name: str, value: str, depth: int) -> str:
    return _in_chinese(value, depth - 1) if name in SAYING and depth > 1 else value


def _vary(response: Response) -> Response:
    response.vary.update(("Accept-Language", "Cookie"))
    return response
