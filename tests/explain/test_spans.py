from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encoders.protocol import Encoder
from retrieval.explain.spans import (
    ENCODED,
    MOST_SENTENCES,
    MOST_WORDS,
    Spans,
    WeightedSpan,
    explain_text,
)
from tests.fakes import FakeEncoder


class WideWindow(FakeEncoder):
    text_window = 10_000


def explained(text: str, words: str, encoder: Encoder | None = None) -> Spans:
    encoder = encoder or FakeEncoder()
    return explain_text(text, encoder.encode_texts([words])[0], encoder)


def best(text: str, spans: tuple[WeightedSpan, ...]) -> str:
    top = max(spans, key=lambda span: span.weight)
    assert top.weight == 1
    return text[top.start : top.end]


@pytest.mark.parametrize(
    ("text", "words", "sentence", "word"),
    [
        (
            "The sky was grey. A red barn stood there! We went on.",
            "red",
            "A red barn stood there!",
            "red",
        ),
        ("天是灰的。那里有一座红房子。我们走了。", "red", "那里有一座红房子。", "红"),
        ("Nobody came. 我看见一只蓝鸟。 It left.", "blue", "我看见一只蓝鸟。", "蓝"),
        ("a blue thing without an end", "蓝", "a blue thing without an end", "blue"),
    ],
)
def test_the_sentence_and_its_word_are_found(
    text: str, words: str, sentence: str, word: str
) -> None:
    spans = explained(text, words)
    assert best(text, spans.sentences) == sentence
    assert word in {text[m.start : m.end] for m in spans.words if m.weight > 0.5}


def test_a_chinese_word_is_left_out_with_either_neighbour() -> None:
    text = "一只蓝鸟"
    weights = {text[m.start : m.end]: m.weight for m in explained(text, "blue").words}
    assert list(weights) == list(text)
    assert weights["蓝"] > weights["只"] > weights["一"]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\n\n"])
def test_a_text_without_words_has_no_spans(text: str) -> None:
    encoder = FakeEncoder()
    assert explain_text(text, encoder.encode_texts(["red"])[0], encoder) == Spans()


def test_punctuation_alone_is_a_sentence_without_words() -> None:
    spans = explained("…", "red")
    assert spans == Spans(sentences=(WeightedSpan(0, 1, 1.0),))


def test_equal_sentences_weigh_the_same() -> None:
    assert [span.weight for span in explained("red. red. red.", "red").sentences] == [1, 1, 1]


def test_no_word_has_weight_where_none_matters() -> None:
    spans = explained("green green", "red")
    assert [span.weight for span in spans.words] == [0, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("red blue.!?红色的鸟。\n,'-é9½㍿"), max_size=300),
    st.sampled_from(["red", "蓝", "something else"]),
)
def test_spans_lie_in_the_text_in_order(text: str, words: str) -> None:
    encoder = WideWindow()
    vector = encoder.encode_texts([words])[0]
    encoder.texts_encoded = 0
    spans = explain_text(text, vector, encoder)
    assert encoder.texts_encoded <= ENCODED
    assert len(spans.sentences) <= MOST_SENTENCES
    assert len(spans.words) <= MOST_WORDS
    for row in (spans.sentences, spans.words):
        ends = [0, *(end for span in row for end in (span.start, span.end)), len(text)]
        assert ends == sorted(ends)
        assert all(0 <= span.weight <= 1 for span in row)
        assert all(text[span.start : span.end].strip() for span in row)


def test_a_long_text_is_told_apart_in_runs_of_neighbours() -> None:
    text = "It was a grey day. " * 99 + "Then came " + "the red " * 99 + "barn."
    encoder = WideWindow()
    spans = explained(text, "red", encoder)
    assert len(spans.sentences) == 25
    assert encoder.texts_encoded <= 1 + ENCODED
    assert spans.sentences[-1].weight == 1
    assert spans.sentences[-1].end == len(text)
