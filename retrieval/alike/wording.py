"""What a text says, in little more than a thousand bytes: hashes of its runs of words, and numbers.

The share of the least hashes that two texts have in common estimates the share of runs of three
words that they have in common, to within 0.03 (Broder, "On the resemblance and containment of
documents", 1997). Forms filled in twice have nearly all words in common, so their numbers count as
well. Of a few words alone there is no telling whether one text is a copy of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.words import terms_of

RUN = 3
"""Words of a run."""

LEAST = 16
"""Different runs that a text must have."""

HASHES = 256
"""Hash functions of which each keeps its least value over the runs."""

BAND = 4
"""Hashes that are looked up together: of texts alike to 0.7, one in 10⁷ shares no band."""

PLACES = 2048
"""Bits of which each number of a text sets one."""

BYTES = 4 * HASHES + PLACES // 8
AT_ONCE = 4096

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Wordings:
    """The wordings of n texts."""

    hashes: NDArray[np.uint32]
    """[n, HASHES]."""
    numbers: NDArray[np.uint8]
    """[n, PLACES / 8]."""

    def __len__(self) -> int:
        return len(self.hashes)

    def of(self, rows: slice | Positions) -> Wordings:
        """Choose some of them."""
        return Wordings(self.hashes[rows], self.numbers[rows])


def take_wording(texts: Iterable[str]) -> bytes:
    """Take the wording of a text that comes in passages, BYTES long, or none if it is too short."""
    runs: set[int] = set()
    numbers: set[str] = set()
    for text in texts:
        terms = terms_of(text)
        runs.update(_runs(terms))
        numbers.update(term for term in terms if term.isdecimal())
    if len(runs) < LEAST:
        return b""
    places = np.zeros(PLACES, np.bool_)
    places[[crc32(number.encode()) % PLACES for number in numbers]] = True
    return _least(runs).astype("<u4").tobytes() + np.packbits(places).tobytes()


def read_wordings(kept: Sequence[bytes]) -> Wordings:
    """Give wordings as they were taken."""
    rows = np.frombuffer(b"".join(kept), np.uint8).reshape(-1, BYTES)
    hashes = np.ascontiguousarray(rows[:, : 4 * HASHES]).view("<u4").astype(np.uint32)
    return Wordings(hashes, rows[:, 4 * HASHES :])


def shared_runs(one: Wordings, other: Wordings) -> NDArray[np.float64]:
    """Estimate the share of runs that texts have in common, row by row."""
    shares: NDArray[np.float64] = (one.hashes == other.hashes).mean(axis=1)
    return shares


def agree_in_numbers(one: Wordings, other: Wordings) -> NDArray[np.bool_]:
    """Tell, row by row, whether either text has all the numbers of the other."""
    first, second = one.numbers, other.numbers
    both = first & second
    agree: NDArray[np.bool_] = (both == first).all(axis=1) | (both == second).all(axis=1)
    return agree


def meet(wordings: Wordings) -> tuple[Positions, Positions]:
    """Pair each text with the first one that shares a band with it, for every band: (first, later).

    The pairs grow with the number of texts, not with its square, even if all are alike.
    """
    pairs: set[tuple[int, int]] = set()
    for start in range(0, HASHES, BAND):
        band = wordings.hashes[:, start : start + BAND]
        _, first, group = np.unique(band, axis=0, return_index=True, return_inverse=True)
        firsts = first[group.ravel()]
        later = np.flatnonzero(firsts != np.arange(len(wordings)))
        pairs.update(zip(firsts[later].tolist(), later.tolist(), strict=True))
    ordered = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return ordered[:, 0], ordered[:, 1]


@cache
def _hash_functions() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Draw the factors, which are odd, and the terms; only to take a wording needs them."""
    draw = np.random.default_rng(1997)
    factors = draw.integers(1, 2**63, HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return factors, draw.integers(0, 2**63, HASHES, dtype=np.uint64)


def _least(runs: set[int]) -> NDArray[np.uint32]:
    factors, terms = _hash_functions()
    hashes = np.fromiter(runs, np.uint64, len(runs))
    least = np.full(HASHES, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(hashes), AT_ONCE):
        mixed = hashes[start : start + AT_ONCE, None] * factors + terms
        least = np.minimum(least, (mixed >> np.uint64(32)).astype(np.uint32).min(axis=0))
    return least


def _runs(terms: list[str]) -> Iterable[int]:
    for run in zip(*(islice(terms, start, None) for start in range(RUN)), strict=False):
        yield crc32(" ".join(run).encode())
