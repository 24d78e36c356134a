"""The words of a text, folded so that they compare: case, accents and width make no difference.

Where a script writes no spaces every character is a word; elsewhere letters are parted from
digits, so that ``IMG2024`` and ``img_2024`` hold the same two words. A folded word is of letters
and digits only, whatever the text. The word indexes are made of these words: a change here needs a
migration that makes them anew.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

LONGEST = 64
"""Characters of a word that count: what is longer is no word that anyone looks for."""

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao; Burmese; Khmer.
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u312f\u3131-\u318e\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
ACCENTS = "\u0300-\u036f"
VOWEL_SIGNS = "\u0900-\u0963\u0966-\u0dff"
"""The Indic blocks, whose vowel signs Python does not count among the letters."""

WORD = re.compile(
    rf"[{SPACELESS}][\u3099\u309a]?|\d+|(?:[^\W\d_{SPACELESS}]|[{ACCENTS}{VOWEL_SIGNS}])+"
)
_SPACELESS = re.compile(f"[{SPACELESS}]")
_ACCENTS = re.compile(f"[{ACCENTS}]")
_STEMMED = re.compile("[a-z]{3,}")


class Word(NamedTuple):
    """A folded word and where it stands in its text."""

    term: str
    start: int
    end: int


Lookup = tuple[str, ...]
"""What a query looks for: one stem, or two words that must follow each other."""


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order; signs that stand for several words give one span."""
    for match in WORD.finditer(text):
        for term in _fold(match[0]):
            yield Word(term, *match.span())


def terms_of(text: str) -> list[str]:
    """List the words of a text in order, without their places."""
    return [term for word in WORD.findall(text) for term in _fold(word)]


def lookups_of(text: str) -> list[Lookup]:
    """List what a query looks for, each once.

    A word between spaces is looked up by its stem. Words that nothing parts, as in Chinese or in
    ``mp3``, are looked up in pairs: a lone character says too little, and the whole run is
    seldom written the same way twice.
    """
    found: dict[Lookup, None] = {}
    for run in _runs(text):
        pairs: list[Lookup] = [(first.term, second.term) for first, second in pairwise(run)]
        found |= dict.fromkeys(pairs or [(stem(run[0].term),)])
    return list(found)


def is_spaceless(term: str) -> bool:
    """Tell whether a word is of a script that writes no spaces."""
    return _SPACELESS.match(term) is not None


def _runs(text: str) -> list[list[Word]]:
    """Part the words where something stands between them, or the manner of writing changes."""
    runs: list[list[Word]] = []
    for word in words_of(text):
        last = runs[-1][-1] if runs else None
        if last and last.end >= word.start and is_spaceless(last.term) == is_spaceless(word.term):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word.lower()[:LONGEST],)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word).casefold())
    return tuple(w[:LONGEST] for w in WORD.findall(unicodedata.normalize("NFKC", plain)))


# Stems.


@lru_cache(maxsize=1 << 14)
def stem(term: str) -> str:
    """Give the stem of an English word; any other word is its own."""
    return stems_of([term]).get(term, term)


def stems_of(terms: Iterable[str]) -> dict[str, str]:
    """Find the stems of those words that have one unlike themselves.

    By the algorithm of Porter, "An algorithm for suffix stripping", 1980.
    """
    english = sorted({term for term in terms if _STEMMED.fullmatch(term)})
    stems = _porter().stem(english) if english else []
    return {term: s for term, s in zip(english, stems, strict=True) if s != term}


class _Porter:
    """SQLite's stemmer, asked through a table in memory that never keeps what it is told."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.executescript(
            "CREATE VIRTUAL TABLE words USING fts5(word, content='', tokenize='porter ascii');"
            "CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance);"
        )

    def stem(self, terms: list[str]) -> list[str]:
        with self._asking:
            self._database.execute("BEGIN")
            self._database.execute("INSERT INTO words VALUES (?)", (" ".join(terms),))
            rows = self._database.execute("SELECT term FROM stems ORDER BY offset").fetchall()
            self._database.execute("ROLLBACK")
        return [stem for (stem,) in rows]


@lru_cache(maxsize=1)
def _porter() -> _Porter:
    return _Porter()
