"""Spans of a text that match a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.marks import marks
from retrieval.words import words_of


def marked(text: str, query: str, *phrases: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, query, phrases)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Two dogs are running.", "a running dog", ["dogs", "running"]),
        ("The Café", "cafe", ["Café"]),
        ("一只狗在沙滩上奔跑", "沙滩上的狗", ["沙滩上"]),
        ("一只狗在沙滩上奔跑", "狗", ["狗"]),
        ("see IMG_2024.jpg", "img2024", ["IMG", "2024"]),
        ("the cat", "the dog", []),
        ("the cat", "The", ["the"]),
        ("man, human", "man", ["man"]),
        ("nothing here", "", []),
        ("", "dog", []),
    ],
)
def test_words_are_marked_where_they_match(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_phrases_are_marked_word_by_word_and_nowhere_else() -> None:
    text = "A red barn. The barn is red; a Red-barn."
    assert marked(text, "", "red barn") == ["red", "barn", "Red", "barn"]
    assert marked(text, "", "red barns", "", "…") == []
    assert marked("红色的谷仓", "", "红色") == ["红色"]


@given(st.text(), st.text(), st.text())
def test_marks_are_in_order_and_apart(text: str, query: str, phrase: str) -> None:
    spans = marks(text, query, [phrase])
    ends = [0, *(end for _, end in spans)]
    assert all(start < end for start, end in spans)
    assert all(
        start > before or start == before == 0
        for (start, _), before in zip(spans, ends, strict=False)
    )
    assert ends[-1] <= len(text)


@given(st.text())
def test_a_text_marks_every_word_of_itself(text: str) -> None:
    spans = marks(text, "", [text])
    assert all(any(s <= w.start and w.end <= e for s, e in spans) for w in words_of(text))
