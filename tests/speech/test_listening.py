"""Hours are heard in pieces that cover everything and end where it is quiet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.decode.sound import RATE, Samples
from retrieval.speech import listening
from retrieval.speech.listening import language_of, listen, pieces
from retrieval.speech.transcriber import Utterance


class Witness:
    """Says how long each piece was and how loud."""

    def transcribe(self, samples: Samples) -> list[Utterance]:
        seconds = len(samples) / RATE
        return [Utterance(0.5, seconds, f"{np.abs(samples).max():.2f}", "en")]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PIECE", 10 * RATE)
    monkeypatch.setattr(listening, "REACH", 4 * RATE)


def loud(seconds: float) -> np.ndarray:
    return np.full(int(seconds * RATE), 16_384, np.int16)


def test_a_short_recording_is_one_piece() -> None:
    assert list(pieces(loud(60))) == [(0, 60 * RATE)]
    assert list(pieces(loud(0))) == []


def test_a_piece_ends_where_it_is_quiet(short: None) -> None:
    samples = loud(25)
    samples[8 * RATE : 9 * RATE] = 0
    (start, end), *rest = pieces(samples)
    assert start == 0 and 8 * RATE <= end <= 9 * RATE
    assert rest[0][0] == end and rest[-1][1] == len(samples)


def test_what_is_said_later_is_later(short: None) -> None:
    samples = loud(15)
    samples[8 * RATE : 9 * RATE] = 0
    first, second = listen(samples, Witness())
    assert first.start == 0.5 and 8 <= first.end <= 9
    assert second.start == pytest.approx(first.end + 0.5, abs=0.01) and second.end == 15.0
    assert first.text == second.text == "0.50"


@given(st.integers(0, 60 * RATE), st.integers(0, 2**32 - 1))
def test_pieces_cover_everything_in_order(length: int, seed: int) -> None:
    samples = np.random.default_rng(seed).integers(-9, 9, length).astype(np.int16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "PIECE", 10 * RATE)
        patch.setattr(listening, "REACH", 4 * RATE)
        spans = list(pieces(samples))
    bounds = [0, *(end for _, end in spans)]
    assert bounds[-1] == length
    assert [start for start, _ in spans] == bounds[:-1]
    assert all(0 < end - start <= 10 * RATE for start, end in spans)


def test_the_language_is_the_one_most_is_said_in() -> None:
    assert language_of([]) == ""
    said = [Utterance(0, 1, "a word", "en"), Utterance(1, 2, "很长的一句话说了很多很多", "zh")]
    assert language_of(said) == "zh"
