"""Where text may be cut: after sentences, and within one that is too long.

Every pattern here runs in time linear in the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Start and end offsets; neither end of the span is white space."""

ENDS = re.compile(
    r"""[.!?]+["'”’)\]]*(?P<space>\s)?"""
    r"""|[。！？；…]+["'”’」』）】]*"""
    r"""|\n[^\S\n]*(?=\n)"""
    r"""|\n[^\S\n]*(?=[-*•#>]|\d{1,3}[.)])"""
)
"""A full stop counts before white space only; a blank line and a list item always do."""
WITHIN = (re.compile(r"\n"), re.compile(r"[,;:，、：—]"), re.compile(r"\s"))
"""Where to cut a long sentence, best first."""


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of English, Chinese and the like, in order."""
    start = 0
    for match in ENDS.finditer(text):
        if match[0][0] in ".!?" and match["space"] is None:
            continue
        if span := trim(text, start, match.end()):
            yield span
        start = match.end()
    if span := trim(text, start, len(text)):
        yield span


def halves(text: str, span: Span) -> Iterator[Span]:
    """Yield the two parts of a span, cut at the best place near its middle."""
    start, end = span
    cut = _best_cut(text, start, end)
    for part in (trim(text, start, cut), trim(text, cut, end)):
        if part:
            yield part


def trim(text: str, start: int, end: int) -> Span | None:
    """Shrink a span to what is not white space; None where nothing is left."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    end -= len(part) - len(part.rstrip())
    return (start, end) if start < end else None


def _best_cut(text: str, start: int, end: int) -> int:
    middle, quarter = (start + end) // 2, (end - start) // 4
    for separator in WITHIN:
        cuts = [m.end() for m in separator.finditer(text, middle - quarter, middle + quarter)]
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - middle))
    return middle
