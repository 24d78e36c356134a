"""The length of steps."""

from __future__ import annotations

import pytest

from retrieval.training.pace import falling, steady


def test_a_steady_pace_warms_up_and_stays() -> None:
    assert [steady(4)(step) for step in (0, 1, 3, 4, 1000)] == [0.25, 0.5, 1, 1, 1]


def test_a_falling_pace_warms_up_over_a_twentieth_and_ends_near_nothing() -> None:
    pace = falling(200)
    assert [pace(step) for step in (0, 4, 9, 10)] == [0.1, 0.5, 1, 1]
    assert pace(105) == pytest.approx(0.5)
    assert 0 < pace(199) < 1e-3
    falls = [pace(step) for step in range(10, 200)]
    assert falls == sorted(falls, reverse=True)


@pytest.mark.parametrize("total", [1, 2, 3, 19])
def test_a_few_steps_have_a_pace_too(total: int) -> None:
    assert all(0 < falling(total)(step) <= 1 for step in range(total))
