"""One list of what is meant and what is said: words help, and never shuffle the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.catalog.matching import Matches, Shares
from retrieval.search.candidates import Ranking
from retrieval.search.fusion import BONUS, LEAST, bonus, fuse, telling

PASSAGES = 30
CONTENTS = np.arange(PASSAGES) // 2


def shares(of: dict[int, float]) -> Shares:
    ids = sorted(of)
    return Shares(np.array(ids, np.int64), np.array([of[i] for i in ids], np.float64))


def some(deviations: NDArray[np.float64], passages: list[int]) -> Ranking:
    """Rank some of the passages, best first, whose ids are places among the deviations."""
    order = sorted(passages, key=lambda passage: (-deviations[passage], passage))
    ids = np.array(order, np.int64)
    values = deviations[ids]
    return Ranking(ids, CONTENTS[ids], values.astype(np.float32), values)


def best_contents(ranking: Ranking, wanted: int) -> list[int]:
    return list(dict.fromkeys(ranking.contents.tolist()))[:wanted]


SHARES = st.dictionaries(st.integers(0, PASSAGES - 1), st.floats(0.01, 1.0), max_size=10)
DEVIATIONS = st.lists(st.floats(-3, 6), min_size=PASSAGES, max_size=PASSAGES).map(np.array)


def test_what_holds_every_word_is_first_and_half_of_them_is_little() -> None:
    deviations = np.array([2.0, 1.5, 1.0, 0.5] + [0.0] * 26)
    matches = telling(Matches(shares({3: 1.0, 2: 0.5, 1: 0.3}), shares({})))
    fused = fuse(some(deviations, [0, 1]), some(deviations, [2, 3]), matches)
    assert fused.passages.tolist() == [3, 0, 1, 2]
    assert fused.deviations == pytest.approx([0.5 + BONUS, 2.0, 1.5, 1.0 + BONUS / 16])
    assert fused.contents.tolist() == [1, 0, 0, 1]
    assert fused.similarities == pytest.approx([0.5, 2.0, 1.5, 1.0])


def test_a_name_raises_each_passage_of_its_content_and_the_better_of_two_reasons_counts() -> None:
    ranking = some(np.zeros(PASSAGES), [4, 5, 6])
    matches = Matches(shares({4: 0.5, 6: 0.5}), shares({2: 1.0}))
    assert bonus(ranking, matches) == pytest.approx([BONUS, BONUS, BONUS / 16])


def test_nothing_to_fuse_is_an_empty_list() -> None:
    nothing = some(np.zeros(PASSAGES), [])
    assert len(fuse(nothing, nothing, Matches(shares({}), shares({}))).passages) == 0


@given(DEVIATIONS, SHARES, SHARES.map(lambda of: {k // 2: v for k, v in of.items()}))
def test_the_order_is_that_of_the_deviations_shown(
    deviations: NDArray[np.float64], said: dict[int, float], called: dict[int, float]
) -> None:
    matches = telling(Matches(shares(said), shares(called)))
    fused = fuse(some(deviations, list(range(0, PASSAGES, 3))), some(deviations, [*said]), matches)
    assert np.all(np.diff(fused.deviations) <= 0)
    assert len(np.unique(fused.passages)) == len(fused.passages)
    assert np.all(fused.deviations >= deviations[fused.passages])
    assert np.all(fused.deviations <= deviations[fused.passages] + BONUS)


@given(DEVIATIONS, SHARES, SHARES.map(lambda of: {k // 2: v for k, v in of.items()}), st.data())
def test_the_first_contents_do_not_depend_on_how_deep_was_searched(
    deviations: NDArray[np.float64],
    said: dict[int, float],
    called: dict[int, float],
    data: st.DataObject,
) -> None:
    matches = telling(Matches(shares(said), shares(called)))
    holding = np.isin(np.arange(PASSAGES), matches.passages.ids)
    holding |= np.isin(CONTENTS, matches.contents.ids)
    matching = some(deviations, np.flatnonzero(holding).tolist())
    everything = some(deviations, list(range(PASSAGES)))
    whole = fuse(everything, matching, matches)
    wanted = data.draw(st.integers(1, PASSAGES // 2))
    enough = set(best_contents(everything, wanted))
    last = max(
        i
        for i, c in enumerate(everything.contents)
        if c in enough and c not in everything.contents[:i]
    )
    near = some(deviations, everything.passages[: last + 1].tolist())
    part = fuse(near, matching, matches)
    assert best_contents(part, wanted) == best_contents(whole, wanted)


@given(SHARES)
def test_only_what_makes_a_difference_is_telling(said: dict[int, float]) -> None:
    kept = telling(Matches(shares(said), shares(said)))
    expected = sorted(passage for passage, share in said.items() if share >= LEAST)
    assert kept.passages.ids.tolist() == kept.contents.ids.tolist() == expected
