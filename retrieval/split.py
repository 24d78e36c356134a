"""Text into windows that an encoder can hold and that say one thing each.

Windows hold whole sentences where sentences fit, end at paragraphs where they can, and share one
sentence with the next. Together they cover every character but white space, in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from retrieval.encoders.protocol import Encoder
from retrieval.sentences import Span, halves, sentences

TARGET = 96
"""Tokens of a full window: a vector of a few sentences is found more surely than one of a page."""
LONGEST = 600
"""Characters of a piece; it bounds what the tokenizer is given at once."""


class Piece(NamedTuple):
    """A sentence, or a part of a long one."""

    start: int
    end: int
    tokens: int
    opens: bool
    """Whether it begins a paragraph."""


def split(text: str, encoder: Encoder) -> list[Span]:
    """Cut text into overlapping windows, each within the encoder's, as character spans."""
    limit = min(TARGET, encoder.text_window)
    pieces = _pieces(text, encoder, limit)
    windows = _pack(pieces, limit)
    # Tokens of neighbours may merge or not, so that a sum is only an estimate.
    return [span for span, _ in _fit(text, windows, encoder, encoder.text_window)]


def _pieces(text: str, encoder: Encoder, limit: int) -> list[Piece]:
    pieces, before = [], 0
    for (start, end), tokens in _fit(text, _shorten(text), encoder, limit):
        pieces.append(Piece(start, end, tokens, text.count("\n", before, start) > 1))
        before = end
    return pieces


def _shorten(text: str) -> list[Span]:
    short, waiting = [], list(sentences(text))[::-1]
    while waiting:
        span = waiting.pop()
        if span[1] - span[0] <= LONGEST:
            short.append(span)
        else:
            waiting.extend(reversed(list(halves(text, span))))
    return short


def _fit(text: str, spans: Iterable[Span], encoder: Encoder, limit: int) -> list[tuple[Span, int]]:
    """Halve spans until none has more tokens than the limit; the order is kept."""
    fitting: list[tuple[Span, int]] = []
    waiting = list(spans)
    while waiting:
        counts = encoder.count_tokens([text[start:end] for start, end in waiting])
        long: list[Span] = []
        for span, tokens in zip(waiting, counts, strict=True):
            if tokens <= limit or span[1] - span[0] == 1:
                fitting.append((span, tokens))
            else:
                long.extend(halves(text, span))
        waiting = long
    return sorted(fitting)


def _pack(pieces: list[Piece], limit: int) -> list[Span]:
    """Join neighbours into windows of up to ``limit`` tokens."""
    windows, first, total = [], 0, 0
    for index, piece in enumerate(pieces):
        full = total + piece.tokens > limit or (piece.opens and total >= limit // 2)
        if total and full:
            windows.append((pieces[first].start, pieces[index - 1].end))
            first, total = _resume(pieces, index, limit)
        total += piece.tokens
    if pieces:
        first = _reach_back(pieces, first, total, limit)
        windows.append((pieces[first].start, pieces[-1].end))
    return windows


def _reach_back(pieces: list[Piece], first: int, total: int, limit: int) -> int:
    """Begin the last window earlier where it is short: a lone sentence is found by anything."""
    while first > 0 and total < limit // 2 and total + pieces[first - 1].tokens <= limit:
        first -= 1
        total += pieces[first].tokens
    return first


def _resume(pieces: list[Piece], index: int, limit: int) -> tuple[int, int]:
    """Begin a window with the sentence before, where that is short and of the same paragraph."""
    last, piece = pieces[index - 1], pieces[index]
    if piece.opens or last.tokens > limit // 3 or last.tokens + piece.tokens > limit:
        return index, 0
    return index - 1, last.tokens
