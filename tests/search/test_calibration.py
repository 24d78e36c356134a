"""What a score says: how many of the hits this good are more than chance."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.decode.pictures import open_picture
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.encoders.protocol import Vectors
from retrieval.media import GOOD, Kind
from retrieval.search.background import Background, Floats, draw_background
from retrieval.search.calibration import BYSTANDERS, HEAD, Crowd, gather, score
from tests.fakes import DIM
from tests.shelf import random_vectors, unit

NONE = np.empty((0, DIM), np.float32)
WORDS, PICTURES = random_vectors(256, seed=1), random_vectors(256, seed=2)
EXAMPLES = Path(__file__).parents[2] / "examples" / "media" / "pictures"


def crowd(competing: int, sampled: Floats | None = None) -> Crowd:
    """Let passages compete of which a sample, best first, lies at some deviations."""
    levels = np.empty(0) if sampled is None else sampled
    stands_for = competing / max(1, len(levels))
    return Crowd(competing + BYSTANDERS, levels, stands_for * np.arange(1, len(levels) + 1))


DEVIATIONS = st.lists(st.floats(-8, 12), min_size=1, max_size=2 * HEAD).map(
    lambda found: np.sort(found)[::-1]
)


@given(found=DEVIATIONS, sampled=DEVIATIONS, competing=st.integers(1, 10**7))
def test_scores_never_rise_down_a_ranking_and_stay_between_0_and_1(
    found: Floats, sampled: Floats, competing: int
) -> None:
    scores = score(found, crowd(competing, sampled))
    assert scores.shape == found.shape
    assert np.all(np.diff(scores) <= 0)
    assert scores[0] <= 1
    assert scores[-1] >= 0


@given(found=DEVIATIONS, competing=st.integers(HEAD, 10**6), few=st.integers(HEAD, 2 * HEAD))
def test_a_hit_has_one_score_however_deep_the_ranking_is_known(
    found: Floats, competing: int, few: int
) -> None:
    assert score(found, crowd(competing))[:few] == pytest.approx(
        score(found[:few], crowd(competing))
    )


@given(deviation=st.floats(-3, 8), competing=st.integers(1, 10**5), more=st.integers(1, 10**5))
def test_what_is_good_among_few_need_not_be_among_many(
    deviation: float, competing: int, more: int
) -> None:
    one = np.array([deviation])
    assert score(one, crowd(competing + more)) <= score(one, crowd(competing))


def test_one_hit_may_be_chance_where_many_alike_cannot_be() -> None:
    one, thirty = np.full(1, 3.0), np.full(30, 3.0)
    assert score(one, crowd(20))[0] > 0.9
    assert score(one, crowd(2000))[0] == 0
    assert score(thirty, crowd(2000))[0] > 0.9
    assert score(np.array([4.5]), crowd(2000))[0] > 0.95


def test_a_score_is_the_share_that_chance_does_not_account_for() -> None:
    random = np.random.default_rng(0)
    chance, real = random.standard_normal(9000), random.normal(3, 1, 1000)
    found = np.sort(np.concatenate([chance, real]))[::-1]
    scores = score(found, crowd(len(found), found))
    for line in (0.5, 0.8, 0.95):
        lowest = found[scores >= line][-1]
        share = np.mean(real >= lowest) * 1000 / np.count_nonzero(found >= lowest)
        assert share == pytest.approx(line, abs=0.06)


def test_a_sample_tells_of_answers_that_are_too_many_to_be_found_one_by_one() -> None:
    found = np.full(HEAD, 3.2)
    assert score(found, crowd(10**6))[0] == 0
    answers = np.concatenate([np.full(50, 3.0), np.full(450, -1.0)])
    assert score(found, crowd(10**6, answers))[0] > 0.9


@settings(deadline=None, max_examples=30)
@given(size=st.sampled_from([5, 20, 200, 2000]), seed=st.integers(0, 10**6))
def test_a_real_answer_is_good_and_the_nearest_of_chance_scores_less(size: int, seed: int) -> None:
    rows, query = random_vectors(size, seed), random_vectors(1, seed + 1)[0]
    background = draw_background(PICTURES, rows[:512], WORDS, PICTURES)
    answered = np.vstack([unit(query + 0.1 * random_vectors(1, seed + 2)), rows])
    assert _scores(query, answered, background)[0] > 0.95
    assert _scores(query, rows, background)[0] < _scores(query, answered, background)[0]


def test_chance_is_called_good_less_than_half_the_time() -> None:
    for size in (5, 20, 200, 2000):
        rows = random_vectors(size, seed=3)
        background = draw_background(PICTURES, rows[:512], WORDS, PICTURES)
        best = [_scores(query, rows, background)[0] for query in random_vectors(200, seed=4)]
        assert np.mean(np.array(best) >= GOOD) < 0.45


def test_all_of_a_library_of_one_sort_is_good_for_its_sort_and_for_nothing_else() -> None:
    topic = random_vectors(1, seed=5)[0]
    dogs = unit(topic + 0.15 * np.random.default_rng(6).standard_normal((1000, DIM)))
    background = draw_background(PICTURES, dogs[:512], WORDS, PICTURES)
    assert np.mean(_scores(topic, dogs, background) >= GOOD) > 0.95
    others = [_scores(query, dogs, background)[0] for query in random_vectors(50, seed=7)]
    assert np.mean(np.array(others) >= GOOD) < 0.5


def test_two_kinds_share_one_list_by_what_they_hold() -> None:
    # Texts lie apart from pictures in one direction, and so nearer to all words than pictures do.
    level, gap = np.arange(DIM) > 0, 3 * np.eye(DIM)[0]
    query, *answers = unit(random_vectors(7, seed=8) * level)
    near = unit(query + 0.1 * np.array(answers))
    pictures, texts = (
        np.vstack([rows, unit(random_vectors(300, seed) * level)])
        for rows, seed in ((near[:3], 9), (near[3:], 10))
    )
    words, seen = unit(WORDS * level + gap), unit(PICTURES * level)
    asked, texts = unit(query + gap)[0], unit(texts + gap)
    assert (texts @ asked).min() > (pictures @ asked).max()
    kinds = [
        (rows, draw_background(reference, rows, words, seen))
        for rows, reference in ((pictures, seen), (texts, words))
    ]
    found = [background.deviations(asked, rows @ asked, Kind.TEXT) for rows, background in kinds]
    order = np.argsort(-np.concatenate(found))
    assert set(order[:6]) == {0, 1, 2, 303, 304, 305}
    competitors = gather(asked, Kind.TEXT, [(background, len(rows)) for rows, background in kinds])
    assert competitors.competing == 606 + BYSTANDERS
    scores = score(np.concatenate(found)[order], competitors)
    assert scores[5] > GOOD
    assert scores[6] < scores[5]


def test_an_empty_library_has_a_crowd_too() -> None:
    competitors = gather(WORDS[0], Kind.TEXT, [])
    assert competitors.competing == BYSTANDERS
    assert score(np.empty(0), competitors).shape == (0,)


def _scores(query: Vectors, rows: Vectors, background: Background) -> Floats:
    found = np.sort(background.deviations(query, rows @ query, Kind.TEXT))[::-1]
    return score(found, gather(query, Kind.TEXT, [(background, len(rows))]))


@pytest.fixture(scope="module")
def builtin() -> BuiltinEncoder:
    return BuiltinEncoder()


@pytest.fixture(scope="module")
def examples(builtin: BuiltinEncoder) -> tuple[list[str], Vectors]:
    files = sorted(EXAMPLES.iterdir())
    return [f.stem for f in files], builtin.encode_images([open_picture(f).image for f in files])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("a cat", "cat"),
        ("一只猫", "cat"),
        ("a cup of coffee", "cup-of-coffee"),
        ("一杯咖啡", "cup-of-coffee"),
        ("an astronaut", "astronaut"),
        ("grass", "grass"),
        ("a wedding cake", None),
        ("a giraffe", None),
        ("a football match", None),
        ("heating cost", None),
        ("tax return", None),
        ("database migration error", None),
        ("数据库迁移错误", None),
    ],
)
def test_the_examples_hold_some_things_and_not_others(
    words: str, name: str | None, builtin: BuiltinEncoder, examples: tuple[list[str], Vectors]
) -> None:
    names, rows = examples
    [query] = builtin.encode_texts([words])
    references = builtin.reference_texts(), builtin.reference_images()
    background = draw_background(references[1], rows, *references)
    best = _scores(query, rows, background)[0]
    if name is None:
        assert best < GOOD
    else:
        assert names[int(np.argmax(rows @ query))] == name
        assert best >= GOOD


@given(deviation=st.floats(-8, 36))
def test_chance_is_the_tail_of_the_normal_distribution(deviation: float) -> None:
    [found] = crowd(1000).by_chance(np.array([deviation]))
    expected = (1000 + BYSTANDERS) * math.erfc(deviation / math.sqrt(2)) / 2
    assert found == pytest.approx(expected, rel=1e-4)
