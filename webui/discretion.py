"""What is said over HTTP of places: files and folders by name, never where they lie.

An error names the whole path of a file, since the command line needs it, and may quote what a
library of the system said of it. Those who ask a server know a file by its path from the name of
the indexed folder on, and so it is named to them; of any other path the last name is left. Where
the server is at fault, its log has the whole message.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
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
INSIDE = rf"(?:{WORD}(?: {WORD}){{0,3}}/)"
"""A folder in a path. A name may hold spaces: rather hide a word too many."""
FOLDERS = rf"(?<!/)(?!/api/)(?:///|/){INSIDE}+(?=[^\s'\"])"
"""The folders of a whole path, or of one in an address of a file; but not of our own."""
QUOTED = r"(?<=')/[^'\n]*/|(?<=\")/[^\"\n]*/"
"""The same of a path in quotes, whatever names it holds."""
BEFORE = r"(?<![\w.~)\]}])"
"""What no whole path comes after: it would be a part of one, a fraction or an address."""
AFTER = r"(?=[\s/'\":;,.)\]]|$)"
"""What comes after a folder's name; another letter would make it another name."""


class Discretion:
    """Names files as those who ask a server know them."""

    def __init__(self, library: Library) -> None:
        """Learn which folders have names; all are nameless while the library cannot be read."""
        named = [place for place in _named(library) if place.name]
        known = [_above(place) for place in _longest_first(named)]
        around = {*_around(), *(above for place in named for above in place.parents)}
        in_them = [
            f"{re.escape(name_of(place))}/{INSIDE}*"
            for place in _longest_first(place for place in around if place.name)
        ]
        self._hidden = re.compile(f"{BEFORE}(?:{'|'.join([*known, QUOTED, *in_them, FOLDERS])})")

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


def _around() -> Iterator[Path]:
    """Give the folders that hold what a library may speak of, be they named as they like."""
    yield from map(Path, (os.path.expanduser("~"), tempfile.gettempdir(), sys.prefix))


def _longest_first(places: Iterable[Path]) -> list[Path]:
    """Order folders so that one comes before those that it lies in."""
    return sorted(set(places), key=lambda place: (-len(place.parts), place))


def _above(place: Path) -> str:
    """Match what is above a folder, wherever the folder is named."""
    above, slash, name = name_of(place).rpartition("/")
    return f"{re.escape(above + slash)}(?={re.escape(name)}{AFTER})"
