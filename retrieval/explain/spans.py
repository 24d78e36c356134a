"""Which sentences of a text match a query, and which words of the best of them.

A sentence is compared with the query by itself; a word is judged by what its sentence loses
without it. Spans are characters of the text, which is a passage's: its sentences fit the encoder's
window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.explain.occlusion import Numbers, falls, weigh
from retrieval.sentences import Span, sentences
from retrieval.words import is_spaceless, words_of

MOST_SENTENCES = 32
MOST_WORDS = 48
"""Parts that are told apart; where a text has more, neighbours count as one."""
ENCODED = MOST_SENTENCES + 1 + MOST_WORDS
"""Texts that one explanation has encoded, at most."""


@dataclass(frozen=True, slots=True)
class WeightedSpan:
    """A stretch of a text and how much it matches."""

    start: int
    end: int
    weight: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class Spans:
    """What matches in a text, in the text's order; empty where it has no words."""

    sentences: tuple[WeightedSpan, ...] = ()
    """1 for the best, 0 for what is no better than the average one; 1 for all that are equal."""
    words: tuple[WeightedSpan, ...] = ()
    """The best sentence's: 1 where the similarity falls most without it, 0 where it does not."""


def explain_text(text: str, vector: Vectors, encoder: Encoder) -> Spans:
    """Find the sentences and words of a text that match a unit vector, in two batches."""
    spans = _joined(list(sentences(text)), MOST_SENTENCES)
    if not spans:
        return Spans()
    similarities = encoder.encode_texts([text[start:end] for start, end in spans]) @ vector
    weights = weigh(similarities - similarities.mean())
    if not weights.any():
        weights = np.ones_like(weights)
    best = spans[int(similarities.argmax())]
    return Spans(_weighted(spans, weights), _words(text, best, vector, encoder))


def _words(
    text: str, sentence: Span, vector: Vectors, encoder: Encoder
) -> tuple[WeightedSpan, ...]:
    start, end = sentence
    found = {(start + word.start, start + word.end) for word in words_of(text[start:end])}
    words = _joined(sorted(found), MOST_WORDS)
    if not words:
        return ()
    pieces = _pieces(text, words)
    without = [text[start : words[a][0]] + text[words[b][1] : end] for a, b in pieces]
    similarities = encoder.encode_texts([text[start:end], *without]) @ vector
    numbers = np.arange(len(words))
    left_out = np.array([(numbers >= a) & (numbers <= b) for a, b in pieces])
    return _weighted(words, weigh(falls(similarities, left_out) / left_out.sum(axis=0)))


def _pieces(text: str, words: Sequence[Span]) -> list[tuple[int, int]]:
    """Choose what is left out at once, as first and last word: a Chinese word is two characters."""
    pairs = [
        (i, i + 1)
        for i, (one, two) in enumerate(pairwise(words))
        if one[1] == two[0] and is_spaceless(text[slice(*one)]) and is_spaceless(text[slice(*two)])
    ]
    paired = {i for pair in pairs for i in pair}
    return pairs + [(i, i) for i in range(len(words)) if i not in paired]


def _joined(spans: list[Span], most: int) -> list[Span]:
    """Join neighbours into runs of equal number, so that no more than ``most`` remain."""
    run = -(-len(spans) // most) or 1
    parts = [spans[i : i + run] for i in range(0, len(spans), run)]
    return [(part[0][0], part[-1][1]) for part in parts]


def _weighted(spans: Sequence[Span], weights: Numbers) -> tuple[WeightedSpan, ...]:
    return tuple(
        WeightedSpan(start, end, float(weight))
        for (start, end), weight in zip(spans, weights, strict=True)
    )
