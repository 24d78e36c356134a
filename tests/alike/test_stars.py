"""Groups are stars: every member is like the centre, however long a chain the contents make."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.alike import stars
from retrieval.alike.comparison import Mask, Pictures, Positions
from retrieval.alike.stars import group
from retrieval.progress import Unwatched
from tests.alike.scenes import CHANGES, scene, sketch


class Beads:
    """Contents on a line: those that lie within 1 of each other are alike."""

    def __init__(self, places: list[float]) -> None:
        self.places = np.array(places)

    def near(self, rows: slice, columns: slice) -> Mask:
        return np.abs(self.places[rows][:, None] - self.places[columns]) <= 2

    def confirm(self, one: Positions, other: Positions) -> Mask:
        return np.abs(self.places[one] - self.places[other]) <= 1


def grouped(places: list[float]) -> list[list[int]]:
    return group(Beads(places), len(places), Unwatched())


def test_a_chain_falls_into_stars() -> None:
    assert grouped([0, 0.9, 1.8, 2.7, 3.6]) == [[0, 1], [2, 3]]


@given(st.lists(st.floats(0, 12), max_size=40))
def test_every_member_is_like_its_centre_and_in_one_group_only(places: list[float]) -> None:
    groups = grouped(places)
    members = [position for one in groups for position in one]
    assert len(members) == len(set(members))
    for centre, *others in groups:
        assert others and min(others) > centre
        assert all(abs(places[centre] - places[other]) <= 1 for other in others)


@given(st.lists(st.floats(0, 12), max_size=40))
def test_nothing_that_is_alike_is_left_alone(places: list[float]) -> None:
    groups = grouped(places)
    held = {position for one in groups for position in one}
    alone = [place for i, place in enumerate(places) if i not in held]
    for centre in [*(places[one[0]] for one in groups), *alone]:
        assert sum(abs(centre - other) <= 1 for other in alone) <= (centre in alone)


@given(st.lists(st.floats(0, 6), max_size=40), st.integers(1, 9), st.integers(1, 9))
def test_how_the_work_is_parted_makes_no_difference(
    places: list[float], rows: int, columns: int
) -> None:
    expected = grouped(places)
    kept = stars.ROWS, stars.COLUMNS, stars.MOST
    try:
        stars.ROWS, stars.COLUMNS, stars.MOST = rows, columns, 3
        assert grouped(places) == expected
    finally:
        stars.ROWS, stars.COLUMNS, stars.MOST = kept


def test_pictures_are_grouped_with_their_changes() -> None:
    pictures = [sketch(scene(seed)) for seed in range(5)]
    pictures += [sketch(change(scene(2))) for change in CHANGES.values()]
    groups = group(Pictures(pictures), len(pictures), Unwatched())
    assert groups == [[2, *range(5, len(pictures))]]
