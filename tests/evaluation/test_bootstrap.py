"""Intervals: what must always hold of them, and that photos are drawn, not captions."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.evaluation import bootstrap
from retrieval.evaluation.bootstrap import difference, quality
from retrieval.evaluation.figures import Figures
from retrieval.evaluation.ranking import Outcomes

ranked = st.lists(
    st.tuples(st.integers(1, 200), st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=40
)


def outcomes(rows: list[tuple[int, float, int]]) -> Outcomes:
    ranks, gains, owners = zip(*rows, strict=True)
    return Outcomes(np.array(ranks, np.int64), np.array(gains), np.array(owners, np.int64))


@settings(deadline=None)
@given(rows=ranked)
def test_an_interval_holds_its_figure(rows: list[tuple[int, float, int]]) -> None:
    estimate = quality(outcomes(rows)).estimate
    for low, value, high in zip(
        astuple(estimate.low), astuple(estimate.figures), astuple(estimate.high), strict=True
    ):
        assert low <= value <= high
    fractions = [estimate.low.recall_at_1, estimate.high.recall_at_10, estimate.high.mrr]
    assert all(0 <= fraction <= 1 for fraction in fractions)


@settings(deadline=None)
@given(rows=ranked)
def test_a_draw_s_figures_are_those_of_its_queries(rows: list[tuple[int, float, int]]) -> None:
    found = outcomes(rows)
    photos = np.unique(found.owners)
    chances = np.full(len(photos), 1 / len(photos))
    [drawn] = np.random.default_rng(bootstrap.SEED).multinomial(len(photos), chances, 1)
    times = drawn[np.searchsorted(photos, found.owners)]
    repeated = Outcomes(*(np.repeat(a, times) for a in (found.ranks, found.gains, found.owners)))
    first = quality(found).draws[0]
    np.testing.assert_allclose(first, Figures.of(repeated).values(), atol=1e-9)


def test_the_same_ranking_has_the_same_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    found = random_outcomes(200, 3)
    whole = quality(found)
    assert whole.estimate == quality(found).estimate
    monkeypatch.setattr(bootstrap, "WEIGHTS", 1000)
    np.testing.assert_allclose(quality(found).draws, whole.draws)


def test_captions_that_agree_are_one_witness() -> None:
    single = random_outcomes(200, 1)
    fivefold = Outcomes(*(np.repeat(a, 5) for a in (single.ranks, single.gains, single.owners)))
    one, five = quality(single).estimate, quality(fivefold).estimate
    for alike in ("figures", "low", "high"):
        expected = getattr(one, alike).values()
        np.testing.assert_allclose(getattr(five, alike).values(), expected)
    independent = Outcomes(fivefold.ranks, fivefold.gains, np.arange(1000))
    narrow = quality(independent).estimate
    assert width(narrow) < 0.6 * width(five)


def test_the_interval_is_as_wide_as_theory_has_it() -> None:
    estimate = quality(random_outcomes(1000, 1)).estimate
    share = estimate.figures.recall_at_5
    assert width(estimate) == pytest.approx(2 * 1.96 * np.sqrt(share * (1 - share) / 1000), rel=0.1)


def test_a_difference_is_judged_draw_by_draw() -> None:
    worse = random_outcomes(300, 2)
    better = Outcomes(np.maximum(1, worse.ranks - 1), worse.gains, worse.owners)
    one, two = quality(worse), quality(better)
    gain = difference(one, two)
    assert gain.figures.mrr == pytest.approx(two.estimate.figures.mrr - one.estimate.figures.mrr)
    assert gain.low.recall_at_5 > 0
    assert two.estimate.low.recall_at_5 < one.estimate.high.recall_at_5
    assert difference(one, one).high == difference(one, one).low == Figures(0, 0, 0, 0, 0, 0)


def random_outcomes(photos: int, each: int) -> Outcomes:
    random = np.random.default_rng(7)
    ranks = random.integers(1, 21, photos * each)
    return Outcomes(ranks, 1 / ranks, np.repeat(np.arange(photos), each))


def width(estimate: bootstrap.Estimate) -> float:
    return estimate.high.recall_at_5 - estimate.low.recall_at_5
