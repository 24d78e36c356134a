"""What is said over HTTP of places: files and folders by name, never where they lie.

An error names the whole path of a file, since the command line needs it, and may quote what a
library of the system said of it. Those who ask a server know a file by its path from the name of
the indexed folder on, and so it is named to them; of any other path the last name is left. Where
the server is at fault, its log has the whole message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

import retrieval
from retrieval.decode.border import name_of
from retrieval.errors import TriptychError
from retrieval.media import Failure

if TYPE_CHECKING:
    from retrieval.library import Library

WORD = r"[^\s/:;,'\"()]*[^\s/:;,'\"().]"
FOLDERS = rf"/(?:{WORD}(?: {WORD}){{0,3}}/)+"
"""The folders of a whole path. A name may hold spaces: rather hide a word too many."""
QUOTED = r"(?<=['\"])/[^'\"\n]*/"
"""The same of a path in quotes, whatever names it holds."""
BEFORE = r"(?<![\w/.~)\]}])"
"""What no whole path comes after: it would be a part of one, a fraction or an address."""


class Discretion:
    """Names files as those who ask a server know them."""

    def __init__(self, library: Library) -> None:
        """Learn which folders have names; all are nameless while the library cannot be read."""
        # The longest first: a folder may lie in one that is above another.
        places = sorted({name_of(place) for place in _named(library)}, key=len, reverse=True)
        known = [_above(*place.rpartition("/")) for place in places if not place.endswith("/")]
        self._hidden = re.compile(f"{BEFORE}(?:{'|'.join([*known, QUOTED, FOLDERS])})")

    def say(self, text: str) -> str:
        """Leave out of a message where on the machine something lies."""
        return self._hidden.sub("", text)

    def say_why(self, failures: Iterable[Failure]) -> tuple[Failure, ...]:
        """Leave out of the reasons of failures what the files' paths do not say."""
        return tuple(replace(failure, reason=self.say(failure.reason)) for failure in failures)


def _named(library: Library) -> Iterator[Path]:
    yield from (library.path, Path(retrieval.__file__).parent)
    with suppress(TriptychError, SQLAlchemyError):
        yield from [root.path for root in library.catalog.roots()]


def _above(folder: str, slash: str, name: str) -> str:
    """Match what is above a folder, wherever the folder is named."""
    return f"{re.escape(folder + slash)}(?={re.escape(name)})"
