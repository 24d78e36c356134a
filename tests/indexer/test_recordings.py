from __future__ import annotations

from itertools import pairwise

from indexer.recordings import PAUSE, STRETCH, stretches
from retrieval.media import Kind, Passage
from retrieval.speech.transcriber import Utterance
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()


def group(*utterances: Utterance) -> list[Passage]:
    return list(stretches(utterances, ENCODER))


def test_silence_gives_no_passage() -> None:
    assert group() == []


def test_neighbours_share_a_passage() -> None:
    (passage,) = group(Utterance(1.0, 4.0, "One two."), Utterance(4.5, 9.0, "Three."))
    assert passage == Passage(Kind.AUDIO, "One two. Three.", start=1.0, end=9.0)


def test_a_passage_is_no_longer_than_a_stretch() -> None:
    passages = group(*(Utterance(n * 5.0, n * 5.0 + 5, f"part {n}") for n in range(20)))
    assert all(p.end - p.start <= STRETCH for p in passages)
    assert [p.start for p in passages[1:]] == [p.end for p in passages[:-1]]
    assert " ".join(p.text for p in passages) == " ".join(f"part {n}" for n in range(20))


def test_a_pause_ends_a_passage() -> None:
    later = 2 + PAUSE + 0.1
    assert len(group(Utterance(0, 2, "one"), Utterance(later, later + 2, "two"))) == 2


def test_a_long_utterance_is_divided_and_not_cut() -> None:
    words = [f"word{n}" for n in range(500)]
    passages = group(Utterance(10.0, 30.0, " ".join(words)))
    assert max(ENCODER.count_tokens([p.text for p in passages])) <= ENCODER.text_window
    assert " ".join(p.text for p in passages).split() == words
    assert passages[0].start == 10.0 and passages[-1].end == 30.0
    assert all(a.end <= b.start + 0.05 for a, b in pairwise(passages))


def test_sentences_of_a_long_utterance_are_not_said_twice() -> None:
    text = " ".join(f"This is sentence number {n} here." for n in range(40))
    passages = group(Utterance(0.0, 60.0, text))
    assert " ".join(p.text for p in passages) == text
