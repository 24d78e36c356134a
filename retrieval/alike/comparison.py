"""Which contents of one kind are near-duplicates: pictures by their looks, texts by their wording.

A comparison is over contents in a fixed order and speaks of them by their positions in it. What is
near is cheap to find for many pairs at once; only what is confirmed is a near-duplicate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.alike.alignment import show_the_same
from retrieval.alike.glance import glance, worth_laying
from retrieval.alike.look import looks_of, read_looks
from retrieval.alike.wording import agree_in_numbers, read_wordings, shared_runs
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

SAME_TEXT = 0.75
"""The share of runs of words from which one document is a version of the other, if its numbers are
among the other's."""

SAME_SPEECH = 0.5
"""The same for recordings of one length: what was heard of one speech twice differs more."""

SAME_LENGTH = 0.02
"""The share by which the lengths of recordings may differ,"""

PADDING = 1.0
"""and the seconds, which some formats add."""

AT_ONCE = 256
"""Pairs that are confirmed together: some 12 MB of pictures' cells."""


class Comparison(Protocol):
    """Contents of one kind, to be compared."""

    def near(self, rows: slice, columns: slice) -> Mask:
        """Tell which pairs of a row and a column are worth confirming, [rows, columns]."""

    def confirm(self, one: Positions, other: Positions) -> Mask:
        """Tell which pairs are near-duplicates."""


class Pictures:
    """Pictures, by their looks."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self._kept = read_looks([sketch.data for sketch in sketches])
        self._glances = glance(self._kept)

    def near(self, rows: slice, columns: slice) -> Mask:
        """Tell which pairs are worth laying on each other."""
        return worth_laying(self._glances.of(rows), self._glances.of(columns))

    def confirm(self, one: Positions, other: Positions) -> Mask:
        """Tell which pairs show one picture."""
        same = np.zeros(len(one), np.bool_)
        for start in range(0, len(one), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            first, second = looks_of(self._kept[one[part]]), looks_of(self._kept[other[part]])
            same[part] = show_the_same(first, second)
        return same


class Texts:
    """Documents or recordings, by their wording."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self.wordings = read_wordings([sketch.data for sketch in sketches])
        self._seconds = np.array([sketch.duration or np.nan for sketch in sketches])

    def near(self, rows: slice, columns: slice) -> Mask:
        """Tell which pairs have enough words in common."""
        wordings = self.wordings.of(columns)
        return np.array(
            [
                shared_runs(self.wordings.of(slice(row, row + 1)), wordings) >= SAME_SPEECH
                for row in range(rows.start, min(rows.stop, len(self.wordings)))
            ]
        )

    def confirm(self, one: Positions, other: Positions) -> Mask:
        """Tell which pairs are versions of one document, or say the same in the same time."""
        wordings = self.wordings.of(one), self.wordings.of(other)
        shares = shared_runs(*wordings)
        first, second = self._seconds[one], self._seconds[other]
        spoken = ~np.isnan(first) & ~np.isnan(second)
        allowed = PADDING + SAME_LENGTH * np.maximum(first, second)
        as_long = (np.abs(first - second) <= allowed) & (shares >= SAME_SPEECH)
        versions = (shares >= SAME_TEXT) & agree_in_numbers(*wordings)
        same: Mask = np.where(spoken, as_long, versions)
        return same


def compare(kind: Kind, sketches: Sequence[Sketch]) -> Comparison:
    """Prepare contents of a kind to be compared."""
    return Pictures(sketches) if kind is Kind.IMAGE else Texts(sketches)


def blocks(count: int, size: int) -> Iterator[slice]:
    """Part positions into stretches."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
