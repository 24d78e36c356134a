"""Ranks and gains: against a slow count, against TREC's own program, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation import ranking
from retrieval.evaluation.figures import Figures
from retrieval.evaluation.ranking import Outcomes, Owned, rank
from tests.shelf import random_vectors

seeds = st.integers(0, 10_000)
owners = st.lists(st.integers(0, 7), min_size=1, max_size=24)


def owned(of: list[int], seed: int) -> Owned:
    return Owned(random_vectors(len(of), seed), np.array(of, np.int64))


def slow_ranks(queries: Owned, answers: Owned, among_themselves: bool) -> list[int]:
    """Give the rank of each query's best right answer, one query and one answer at a time."""
    ranks = []
    for i, (query, owner) in enumerate(zip(queries.vectors, queries.owners, strict=True)):
        others = [j for j in range(len(answers.owners)) if not (among_themselves and j == i)]
        cosine = {j: float(query.astype(float) @ answers.vectors[j].astype(float)) for j in others}
        right = [j for j in others if answers.owners[j] == owner]
        if right:
            best = max(cosine[j] for j in right)
            ranks.append(1 + sum(cosine[j] >= best for j in others if j not in right))
    return ranks


@given(queries=owners, answers=owners, seed=seeds)
def test_ranks_agree_with_a_slow_count(queries: list[int], answers: list[int], seed: int) -> None:
    asking, answering = owned(queries, seed), owned(answers, seed + 1)
    assert rank(asking, answering).ranks.tolist() == slow_ranks(asking, answering, False)
    among = rank(asking, asking, among_themselves=True)
    assert among.ranks.tolist() == slow_ranks(asking, asking, True)


@given(queries=owners, answers=owners, seed=seeds)
def test_figures_agree_with_trec_eval(queries: list[int], answers: list[int], seed: int) -> None:
    asking, answering = owned(queries, seed), owned(answers, seed + 1)
    outcomes = rank(asking, answering)
    cosines = asking.vectors @ answering.vectors.T
    judged = {
        f"q{i}": {f"a{j}": int(right == own) for j, right in enumerate(answers)}
        for i, own in enumerate(queries)
        if own in answers
    }
    found = {q: {f"a{j}": float(c) for j, c in enumerate(cosines[int(q[1:])])} for q in judged}
    theirs = pytrec_eval.RelevanceEvaluator(
        judged, {"success_1,5,10", "recip_rank", "ndcg_cut_10"}
    ).evaluate(found)
    names = ("success_1", "success_5", "success_10", "recip_rank", "ndcg_cut_10")
    means = [np.mean([theirs[q][name] for q in judged]) for name in names] if judged else []
    ours = Figures.of(outcomes) if judged else None
    if ours:
        at_k = [ours.recall_at_1, ours.recall_at_5, ours.recall_at_10]
        np.testing.assert_allclose([*at_k, ours.mrr, ours.ndcg_at_10], means, atol=1e-9)
    assert len(outcomes.ranks) == len(judged)


@given(of=owners, seed=seeds, order=st.randoms(use_true_random=False))
def test_the_order_of_things_changes_nothing(
    of: list[int], seed: int, order: np.random.Generator
) -> None:
    captions, photos = owned(of, seed), owned(list(range(8)), seed + 1)
    shuffled = list(range(8))
    order.shuffle(shuffled)
    other = Owned(photos.vectors[shuffled], photos.owners[shuffled])
    assert rank(captions, photos).ranks.tolist() == rank(captions, other).ranks.tolist()
    backwards = Owned(captions.vectors[::-1], captions.owners[::-1])
    assert rank(photos, captions).gains == pytest.approx(rank(photos, backwards).gains)
    assert rank(backwards, photos).ranks.tolist() == rank(captions, photos).ranks.tolist()[::-1]


@given(of=owners, seed=seeds)
def test_a_perfect_ranking_gives_one(of: list[int], seed: int) -> None:
    photos = owned(list(range(8)), seed)
    captions = Owned(photos.vectors[of], np.array(of))
    for outcomes in (rank(captions, photos), rank(photos, captions)):
        assert Figures.of(outcomes) == Figures(1, 1, 1, 1, 1, 1)
    siblings = rank(captions, captions, among_themselves=True)
    assert (siblings.ranks == 1).all()
    assert (siblings.gains == 1).all()


@given(count=st.integers(2, 60), each=st.integers(1, 4))
def test_ties_count_against_the_right_answer(count: int, each: int) -> None:
    photos = Owned(np.repeat(random_vectors(1), count, axis=0), np.arange(count))
    of = np.repeat(np.arange(count), each)
    captions = Owned(np.repeat(random_vectors(1, 1), count * each, axis=0), of)
    assert set(rank(captions, photos).ranks) == {count}
    assert set(rank(photos, captions).ranks) == {each * (count - 1) + 1}
    assert set(rank(captions, captions, among_themselves=True).ranks) <= {each * (count - 1) + 1}


def test_what_is_no_number_is_never_a_good_answer() -> None:
    photos = owned(list(range(12)), 0)
    nothing = Owned(np.full_like(photos.vectors, np.nan), photos.owners)
    for outcomes in (rank(nothing, photos), rank(photos, nothing)):
        assert (outcomes.ranks >= 12).all()
        assert (outcomes.gains == 0).all()


def test_a_query_without_a_right_answer_is_left_out() -> None:
    outcomes = rank(owned([0, 1, 2, 2], 0), owned([2, 0, 0], 1))
    assert outcomes.owners.tolist() == [0, 2, 2]
    alone = owned([0, 1], 2)
    assert rank(alone, alone, among_themselves=True).ranks.tolist() == []
    assert rank(owned([5], 0), owned([6, 6], 1)).ranks.tolist() == []


def test_many_queries_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    of = [i // 3 for i in range(60)]
    asking, answering = owned(of, 3), owned(of[::-1], 4)
    at_once = whole(asking, answering)
    monkeypatch.setattr(ranking, "CELLS", 100)
    in_parts = whole(asking, answering)
    for one, other in zip(at_once, in_parts, strict=True):
        np.testing.assert_array_equal(one.ranks, other.ranks)
        np.testing.assert_allclose(one.gains, other.gains)


def whole(asking: Owned, answering: Owned) -> list[Outcomes]:
    return [rank(asking, answering), rank(asking, asking, among_themselves=True)]
