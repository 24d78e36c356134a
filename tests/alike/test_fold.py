"""Near-duplicates in a ranking fold into the best, the same way however deep the ranking goes."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.alike.comparison import Pictures
from retrieval.alike.fold import fold
from retrieval.alike.wording import take_wording
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind
from tests.alike.scenes import CHANGES, scene, sketch

SCENES = 6
MADE = [None, *CHANGES]

picture = st.tuples(st.integers(0, SCENES - 1), st.sampled_from(MADE))
rankings = st.lists(st.none() | picture, max_size=24)


@cache
def made(seed: int, change: str | None) -> Sketch:
    return sketch(CHANGES[change](scene(seed)) if change else scene(seed))


def drawn(ranking: list[tuple[int, str | None] | None]) -> list[Sketch | None]:
    return [made(*one) if one else None for one in ranking]


def alike(one: Sketch | None, other: Sketch | None) -> bool:
    if one is None or other is None:
        return False
    pair = Pictures([one, other])
    near = pair.near(slice(1, 2), slice(0, 1))[0, 0]
    return bool(near and pair.confirm(np.array([0]), np.array([1]))[0])


@settings(deadline=None, max_examples=40)
@given(rankings, st.integers(0, 24))
def test_the_first_heads_do_not_depend_on_the_depth(
    ranking: list[tuple[int, str | None] | None], depth: int
) -> None:
    sketches = drawn(ranking)
    whole, part = fold(sketches), fold(sketches[:depth])
    assert [f.head for f in part] == [f.head for f in whole if f.head < depth]
    for shallow, deep in zip(part, whole, strict=False):
        assert shallow.folded == tuple(p for p in deep.folded if p < depth)


@settings(deadline=None, max_examples=40)
@given(rankings)
def test_every_content_appears_once_and_is_folded_into_a_better_one_like_it(
    ranking: list[tuple[int, str | None] | None],
) -> None:
    sketches = drawn(ranking)
    folds = fold(sketches)
    places = [p for f in folds for p in (f.head, *f.folded)]
    assert sorted(places) == list(range(len(sketches)))
    for one in folds:
        for position in one.folded:
            assert position > one.head
            assert alike(sketches[one.head], sketches[position])
            assert ranking[one.head][0] == ranking[position][0]  # type: ignore[index]


@settings(deadline=None, max_examples=40)
@given(rankings)
def test_each_is_folded_into_the_first_head_above_that_it_nearly_duplicates(
    ranking: list[tuple[int, str | None] | None],
) -> None:
    sketches = drawn(ranking)
    heads: dict[int, list[int]] = {}
    for position, one in enumerate(sketches):
        into = next((head for head in heads if alike(sketches[head], one)), position)
        heads.setdefault(into, []).append(position)
    assert [[f.head, *f.folded] for f in fold(sketches)] == list(heads.values())


def test_what_has_no_sketch_stands_for_itself() -> None:
    assert [f.head for f in fold([None, None, made(1, None), None])] == [0, 1, 2, 3]


def test_contents_of_several_kinds_keep_apart() -> None:
    text = Sketch(
        9, Kind.TEXT, take_wording(["one two three four five six seven " * 2]), 0, 0, None
    )
    words = take_wording([" ".join(f"word{chr(97 + i)}x" for i in range(26))])
    text = Sketch(9, Kind.TEXT, words, 0, 0, None)
    ranking = [made(0, None), text, made(0, "halved"), text]
    assert [(f.head, f.folded) for f in fold(ranking)] == [(0, (2,)), (1, (3,))]
