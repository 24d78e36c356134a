"""Similarities of every kind and encoder on one scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from retrieval.media import Filters, Kind
from retrieval.search.background import (
    MANNER,
    SAME,
    SAMPLE,
    Background,
    draw_background,
    take_background,
)
from tests.fakes import DIM, FakeEncoder
from tests.shelf import new, put, random_vectors, unit

NONE = np.empty((0, DIM), np.float32)
WORDS, PICTURES = random_vectors(200, seed=1), random_vectors(200, seed=2)
MODALITIES = st.sampled_from([Kind.TEXT, Kind.IMAGE, None])


@settings(deadline=None)
@given(
    similarities=st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=20),
    own=st.integers(0, 30),
    reference=st.booleans(),
    modality=MODALITIES,
)
def test_deviations_are_an_affine_map_of_similarities_that_rises(
    similarities: list[float], own: int, reference: bool, modality: Kind | None
) -> None:
    sampled = random_vectors(own + 1)[1:] if reference else random_vectors(own + 1)
    background = draw_background(WORDS if reference else NONE, sampled, WORDS, PICTURES)
    values = np.array(similarities, np.float32)
    zero, one = background.deviations(WORDS[0], np.array([0, 1], np.float32), modality)
    assert one > zero
    expected = zero + values.astype(np.float64) * (one - zero)
    assert background.deviations(WORDS[0], values, modality) == pytest.approx(expected)


@settings(deadline=None, max_examples=20)
@given(scale=st.floats(0.3, 1), shift=st.floats(-0.5, 0.5), row=st.integers(0, 199))
def test_kinds_whose_cosines_differ_by_a_scale_and_a_shift_compare(
    scale: float, shift: float, row: int
) -> None:
    near = draw_background(PICTURES, PICTURES, WORDS, PICTURES)
    query = WORDS[row]
    similarities = PICTURES @ query
    # Every query is alike in one further direction, along which the other kind lies apart.
    words, pictures = (
        np.pad(rows, ((0, 0), (0, 1)), constant_values=1) for rows in (WORDS, PICTURES)
    )
    apart = np.pad(scale * PICTURES, ((0, 0), (0, 1)), constant_values=shift)
    far = draw_background(apart, apart, words, pictures)
    moved = apart @ np.append(query, 1).astype(np.float32)
    assert moved == pytest.approx(scale * similarities + shift, abs=1e-5)
    expected = near.deviations(query, similarities, Kind.TEXT)
    found = far.deviations(np.append(query, np.float32(1)), moved, Kind.TEXT)
    assert found == pytest.approx(expected, rel=0.2, abs=0.01)


def test_unrelated_passages_lie_a_standard_deviation_from_chance() -> None:
    background = draw_background(PICTURES, NONE, WORDS, PICTURES)
    fresh, queries = random_vectors(400, seed=3), random_vectors(100, seed=4)
    deviations = [background.deviations(q, fresh @ q, Kind.TEXT) for q in queries]
    assert np.mean(deviations) == pytest.approx(0, abs=0.02)
    assert np.std(deviations) == pytest.approx(1, abs=0.05)


def test_words_and_pictures_as_queries_have_spreads_of_their_own() -> None:
    flat = unit(PICTURES * (np.arange(DIM) > 0))
    aside = unit(WORDS + 3 * np.eye(DIM)[0])
    usual = draw_background(flat, NONE, aside, flat).usual
    assert usual.of(Kind.TEXT) == usual.of_words
    assert usual.of(Kind.IMAGE) == usual.of_pictures
    assert usual.of(None) is None
    assert usual.of_words is not None
    assert usual.of_pictures is not None
    assert usual.of_words < 0.7 * usual.of_pictures


def test_a_reference_does_not_count_as_its_own_neighbour() -> None:
    few = PICTURES[:12]
    counted_once = draw_background(few, NONE, NONE, few).usual.of_pictures
    counted_twice = draw_background(few, NONE, NONE, few.copy()).usual.of_pictures
    assert counted_once is not None
    assert counted_twice is not None
    assert counted_once < 0.8 * counted_twice


def test_a_query_with_a_narrow_crowd_does_not_make_its_nearest_stand_out() -> None:
    background = draw_background(PICTURES, NONE, WORDS, PICTURES)
    aside = unit(np.random.default_rng(5).standard_normal((1, DIM)))[0] * np.float32(0.1)
    assert background.deviations(aside, PICTURES @ aside, Kind.TEXT).max() < 1
    assert background.deviations(aside, PICTURES @ aside).max() > 1


def test_a_library_of_one_sort_is_measured_by_the_references() -> None:
    topic = random_vectors(1, seed=6)[0]
    dogs = unit(topic + 0.15 * np.random.default_rng(7).standard_normal((300, DIM)))
    background = draw_background(PICTURES, dogs, WORDS, PICTURES)
    assert background.deviations(topic, dogs @ topic, Kind.TEXT).min() > 2
    alone = draw_background(NONE, dogs, NONE, NONE)
    assert np.median(alone.deviations(topic, dogs @ topic, Kind.TEXT)) < 1


def test_what_all_of_a_library_has_counts_for_less_than_half() -> None:
    query = random_vectors(1, seed=6)[0]
    apart = draw_background(PICTURES, NONE, WORDS, PICTURES)
    for towards in (0.05, 0.1):
        manner = unit(random_vectors(300, seed=7) + towards * 3 * query)
        usual = float(np.median(apart.deviations(query, manner @ query, Kind.TEXT)))
        assert 0 < usual < SAME
        seen = draw_background(PICTURES, manner, WORDS, PICTURES)
        found = seen.deviations(query, manner @ query, Kind.TEXT)
        assert np.median(found) == pytest.approx((1 - MANNER) * usual, abs=1e-3)


def test_a_library_that_lies_away_from_a_query_gains_nothing_by_it() -> None:
    query = random_vectors(1, seed=6)[0]
    away = unit(random_vectors(300, seed=7) - 0.3 * query)
    alone = draw_background(PICTURES, NONE, WORDS, PICTURES)
    among = draw_background(PICTURES, away, WORDS, PICTURES)
    similarities = away @ query
    expected = alone.deviations(query, similarities, Kind.TEXT)
    assert among.deviations(query, similarities, Kind.TEXT) == pytest.approx(expected)


def test_copies_of_one_document_do_not_narrow_the_spread() -> None:
    few = random_vectors(20)
    copied = np.vstack([few, np.repeat(few[:1], 400, axis=0)])
    query = random_vectors(1, seed=8)[0]
    expected = draw_background(NONE, few, NONE, NONE).deviations(query, few @ query)
    found = draw_background(NONE, copied, NONE, NONE).deviations(query, few @ query)
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("own", [NONE, random_vectors(1), np.repeat(random_vectors(1), 9, axis=0)])
def test_the_smallest_libraries_have_a_spread(own: Vectors) -> None:
    for reference in (NONE, WORDS[:1]):
        background = draw_background(reference, own, NONE, NONE)
        if len(background.unrelated):
            deviations = background.deviations(WORDS[1], np.array([-1, 0, 1], np.float32))
            assert np.isfinite(deviations).all()
            assert np.abs(deviations).max() < 3 * np.sqrt(DIM)


def test_a_kind_that_nothing_is_known_of_is_seen_from_the_origin() -> None:
    assert not Background(NONE, NONE).mean.any()
    assert Background(WORDS, NONE).mean == pytest.approx(WORDS.mean(axis=0))


def test_reference_texts_tell_the_spread_of_pictures_without_references() -> None:
    usual = draw_background(NONE, PICTURES, WORDS, NONE).usual
    assert usual.of_words == pytest.approx(1 / np.sqrt(DIM), rel=0.05)
    assert usual.of_pictures is None


class Travelled(FakeEncoder):
    """An encoder that has seen other things than the library."""

    def reference_images(self) -> Vectors:
        return PICTURES

    def reference_texts(self) -> Vectors:
        return WORDS


def test_a_background_is_taken_of_one_kind_and_refreshed_as_it_grows(tmp_path: Path) -> None:
    rows = random_vectors(SAMPLE + 40, seed=9)
    with Library.open(tmp_path / "library", Travelled()) as library:
        put(library, tmp_path / "a", new("a.png", rows[:1]), new("b.txt", rows[1:3], Kind.TEXT))
        for kind, reference, own in ((Kind.IMAGE, PICTURES, 1), (Kind.TEXT, WORDS, 2)):
            taken = _taken(library, kind)
            assert taken.unrelated is reference
            assert len(taken.own) == own
        put(library, tmp_path / "a", new("c.txt", rows[3:], Kind.TEXT))
        assert len(_taken(library, Kind.TEXT).own) == SAMPLE
        assert len(_taken(library, Kind.IMAGE).own) == 1


def _taken(library: Library, kind: Kind) -> Background:
    scope = library.catalog.scope(Filters())
    return take_background(kind, scope, library.vectors, Travelled(), everyday=lambda: NONE)


def test_an_encoder_without_references_is_judged_by_the_library(
    library: Library, tmp_path: Path
) -> None:
    put(library, tmp_path / "a", new("a.txt", random_vectors(5), Kind.TEXT))
    scope = library.catalog.scope(Filters())
    taken = take_background(Kind.TEXT, scope, library.vectors, FakeEncoder(), lambda: WORDS)
    assert len(taken.unrelated) == len(taken.own) == 5
    assert taken.usual == draw_background(NONE, taken.own, WORDS, NONE).usual
    assert taken.usual.of_words is not None
