"""Where a text holds the words of a query, for showing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from retrieval.sentences import Span
from retrieval.words import Lookup, Word, lookups_of, stem, terms_of, words_of

COMMON = """a an and are as at be but by for from has have he i in into is it its of on or she
    that the their they this to was we were will with you"""
"""Words whose marks would only distract; they are marked where the query has no others."""


def marks(text: str, query: str, phrases: Sequence[str] = ()) -> list[Span]:
    """Find the spans of a text that match a query, in order, none touching another.

    A word matches whatever has its stem. Characters of scripts without spaces match in pairs, a
    lone one by itself; phrases word by word and nowhere else.
    """
    if not text or not (query or phrases):
        return []
    words = list(words_of(text))
    matched = {*_of_stems(words, query), *_of_pairs(words, query)}
    for phrase in phrases:
        matched.update(_of_phrase(words, terms_of(phrase)))
    return _joined(words[at] for at in sorted(matched))


def _of_stems(words: Sequence[Word], query: str) -> Iterable[int]:
    stems = _stems(query)
    # No word changes its first letter on the way to its stem, and stemming takes time.
    initials = {term[0] for term in stems}
    for at, word in enumerate(words):
        if word.term[0] in initials and stem(word.term) in stems:
            yield at


def _of_pairs(words: Sequence[Word], query: str) -> Iterable[int]:
    pairs = _pairs(query)
    for at, (first, second) in enumerate(pairwise(words)):
        if (first.term, second.term) in pairs:
            yield from (at, at + 1)


@lru_cache(maxsize=16)
def _stems(query: str) -> frozenset[str]:
    stems = frozenset(lookup[0] for lookup in lookups_of(query) if len(lookup) == 1)
    return stems - {stem(word) for word in COMMON.split()} or stems


@lru_cache(maxsize=16)
def _pairs(query: str) -> frozenset[Lookup]:
    return frozenset(lookup for lookup in lookups_of(query) if len(lookup) == 2)


def _of_phrase(words: Sequence[Word], phrase: Sequence[str]) -> Iterable[int]:
    terms = [word.term for word in words]
    for at in range(len(terms) - len(phrase) + 1 if phrase else 0):
        if terms[at] == phrase[0] and terms[at : at + len(phrase)] == list(phrase):
            yield from range(at, at + len(phrase))


def _joined(words: Iterable[Word]) -> list[Span]:
    spans: list[Span] = []
    for word in words:
        if spans and word.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(word.end, spans[-1][1]))
        else:
            spans.append((word.start, word.end))
    return spans
