"""What the server says to a person, in the language that they read.

Messages are made in English, with names and numbers put in, and are kept and logged so. Where one
leaves for a reader of Chinese it is known again by the words around what was put in. What none of
our messages says, such as the words of another library, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, after_this_request, request

from webui.chinese import CHINESE

if TYPE_CHECKING:
    from retrieval.media import Failure

COOKIE = "language"
"""Where the page's switch keeps the choice."""
ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
FIELD = re.compile(r"\{(\w+)\}")
SAYING = frozenset({"done", "fault", "kind", "later", "mime", "otherwise", "reason", "who"})
"""Fields of messages in which there is a message again; all others are names and numbers."""
BEGINNING = re.compile(r"(?:^|: )()")
"""Where our words may begin: before them stand the file or the field that they are about."""


def reader_language() -> str:
    """Tell what the sender of this request reads: as it was chosen on the page, else preferred."""
    after_this_request(_vary)
    preferred = (tag for tag, quality in request.accept_languages if quality > 0)
    for tag in (request.cookies.get(COOKIE, ""), *preferred):
        if (language := tag[:2].lower()) in LANGUAGES:
            return language
    return ENGLISH


@lru_cache(maxsize=4096)
def translate(message: str, language: str) -> str:
    """Say a message, of one line, in a language."""
    if language == ENGLISH:
        return message
    for beginning in BEGINNING.finditer(message):
        at = beginning.start(1)
        if (said := _say(message[at:], language)) is not None:
            return message[:at] + said
    return message


def translate_reasons(failures: Iterable[Failure], language: str) -> tuple[Failure, ...]:
    """Say in a language why files could not be read."""
    return tuple(replace(one, reason=translate(one.reason, language)) for one in failures)


def _say(words: str, language: str) -> str | None:
    for pattern, chinese in KNOWN:
        if found := pattern.fullmatch(words):
            values = found.groupdict().items()
            said = {n: translate(v, language) if n in SAYING else v for n, v in values}
            return chinese.format_map(said)
    return None


def _vary(response: Response) -> Response:
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _known() -> Iterator[tuple[re.Pattern[str], str]]:
    for english, chinese in CHINESE.items():
        parts = FIELD.split(english)
        parts[::2] = map(re.escape, parts[::2])
        parts[1::2] = [f"(?P<{name}>.*?)" for name in parts[1::2]]
        yield re.compile("".join(parts)), chinese


KNOWN = tuple(_known())
