from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import InvalidQuery, NotFound
from retrieval.library import Library
from retrieval.media import ItemTerm, Kind, Query, TextTerm
from tests.fakes import DIM, FakeEncoder
from tests.shelf import new, put

SAID = ["the grey sea.", "then a red boat. it came home.", "and a blue lamp was lit."]


@pytest.fixture
def recording(library: Library, tmp_path: Path) -> Library:
    vectors = FakeEncoder().encode_texts(SAID)
    silent = new("silent.wav", np.empty((0, DIM), np.float32), Kind.AUDIO)
    put(library, tmp_path / "a", new("talk.wav", vectors, Kind.AUDIO, SAID), silent)
    return library


def item_named(library: Library, name: str) -> int:
    numbers = range(1, 3)
    return next(n for n in numbers if library.item(n).path == name)


@pytest.mark.parametrize(("words", "said"), [("red", 1), ("蓝", 2), ("grey", 0)])
def test_the_stretch_of_speech_that_matches_best_is_explained(
    recording: Library, words: str, said: int
) -> None:
    talk = item_named(recording, "talk.wav")
    explanation = recording.explain(Query((TextTerm(words),)), talk)
    ids = [passage_id for passage_id, _ in recording.passages(recording.item(talk))]
    assert explanation.passage_id == ids[said]
    assert explanation.regions is None
    best = max(explanation.spans.sentences, key=lambda span: span.weight)
    assert best.start == 0


def test_a_query_of_several_terms_is_explained(recording: Library) -> None:
    talk = item_named(recording, "talk.wav")
    query = Query((TextTerm("blue"), TextTerm("red", -1.0)))
    explanation = recording.explain(query, talk)
    text = dict(recording.passages(recording.item(talk)))[explanation.passage_id].text
    assert text == SAID[2]
    assert "blue" in {text[s.start : s.end] for s in explanation.spans.words if s.weight > 0.5}


def test_an_item_without_passages_cannot_be_explained(recording: Library) -> None:
    silent = item_named(recording, "silent.wav")
    with pytest.raises(NotFound, match="no words or picture"):
        recording.explain(Query((TextTerm("red"),)), silent)
    with pytest.raises(InvalidQuery, match="compare with"):
        recording.explain(Query((ItemTerm(silent),)), item_named(recording, "talk.wav"))
