"""The stretch of a passage that is shown with a hit, and the words of the query in it.

A passage that is short enough is shown whole; of a longer one, what stands around the first words
of the query. White space is shown as single spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.search.marks import marks
from retrieval.sentences import Span, sentences

LONGEST = 800
"""Characters of an excerpt."""

LEAD = 140
"""Characters that may stand before the first marked word of an excerpt that begins later."""

BEFORE, AFTER = "… ", "…"
ROOM = LONGEST - len(BEFORE) - len(AFTER)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text, and the spans of it that match a query: in order, none touching another."""

    text: str
    marks: tuple[Span, ...]


def excerpt(text: str, words: str, phrases: Sequence[str] = ()) -> Excerpt:
    """Choose what to show of a passage's text for the words and phrases of a query."""
    whole = " ".join(text.split())
    spans = marks(whole, words, phrases)
    if len(whole) <= LONGEST:
        return Excerpt(whole, tuple(spans))
    start = _start(whole, spans[0][0]) if spans else 0
    return _cut(whole, spans, start)


def _start(text: str, first: int) -> int:
    """Choose a sentence's or a word's beginning that leaves room for the first mark."""
    if first <= LEAD:
        return 0
    latest = min(first, len(text) - ROOM)
    near = [start for start, _ in sentences(text) if first - LEAD <= start <= latest]
    if near:
        return near[-1]
    start = min(first - LEAD // 2, latest)
    return text.find(" ", start, first) + 1 or start


def _cut(text: str, spans: Sequence[Span], start: int) -> Excerpt:
    kept = text[start : start + ROOM].rstrip()
    end = start + len(kept)
    before, after = BEFORE if start else "", AFTER if end < len(text) else ""
    moved = len(before) - start
    inside = ((s + moved, min(e, end) + moved) for s, e in spans if s < end)
    return Excerpt(before + kept + after, tuple(inside))
