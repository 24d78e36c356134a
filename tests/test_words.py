"""What the words of a text are, in English, Chinese and anything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.words import is_spaceless, lookups_of, stem, stems_of, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Two Dogs, RUNNING!", ["two", "dogs", "running"]),
        ("Café naïve Ångström", ["cafe", "naive", "angstrom"]),
        ("Cafe\u0301", ["cafe"]),
        ("Straße ﬁn Ｃａｔ", ["strasse", "fin", "cat"]),
        ("IMG_2024-05.jpg", ["img", "2024", "05", "jpg"]),
        ("img2024", ["img", "2024"]),
        ("沙滩上", ["沙", "滩", "上"]),
        ("A股 3月", ["a", "股", "3", "月"]),
        ("か\u3099 が", ["が", "が"]),
        ("한국어", ["한", "국", "어"]),
        ("\u1112\u1161\u11ab", ["한"]),
        ("हिन्दी", ["हिन्दी"]),
        ("½", ["1", "2"]),
        ("", []),
        (" ,.\x00\"'*()^-:{}\ud800", []),
    ],
)
def test_texts_fall_into_folded_words(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


def test_words_stand_where_they_were_found() -> None:
    text = "Zoë, 沙滩!"
    assert [(w.term, text[w.start : w.end]) for w in words_of(text)] == [
        ("zoe", "Zoë"),
        ("沙", "沙"),
        ("滩", "滩"),
    ]


@given(st.text())
def test_folded_words_are_letters_and_digits_whatever_the_text(text: str) -> None:
    for term in terms_of(text):
        assert re.fullmatch(r"[a-z0-9\u0080-\U0010ffff]{1,64}", term)
        term.encode()


@given(st.text())
def test_a_word_by_itself_is_the_word_it_was_in_its_text(text: str) -> None:
    words = list(words_of(text))
    assert [word.term for word in words] == terms_of(text)
    for word in words:
        assert word.term in terms_of(text[word.start : word.end])


@given(st.text(st.characters(categories=["Ll", "Lu"]), max_size=8))
def test_case_makes_no_difference_to_ascii(word: str) -> None:
    if word.isascii():
        assert terms_of(word.upper()) == terms_of(word.lower())


def test_stems_join_the_forms_of_an_english_word() -> None:
    assert {stem(word) for word in ("run", "runs", "running")} == {"run"}
    assert stems_of(["dogs", "dog", "dogs", "狗", "x", "2024"]) == {"dogs": "dog"}
    assert stems_of([]) == {}


@given(st.lists(st.text("abdeginorsty", min_size=1, max_size=12), max_size=20))
def test_stems_are_the_same_in_a_batch_and_alone(terms: list[str]) -> None:
    together = stems_of(terms)
    assert [together.get(term, term) for term in terms] == [stem(term) for term in terms]


@pytest.mark.parametrize(
    ("query", "lookups"),
    [
        ("Running dogs running", [("run",), ("dog",)]),
        ("沙滩上", [("沙", "滩"), ("滩", "上")]),
        ("狗 dogs狗", [("狗",), ("dog",)]),
        ("mp3 IMG_2024", [("mp", "3"), ("img",), ("2024",)]),
        ('"NEAR(*" OR -col:', [("near",), ("or",), ("col",)]),
    ],
)
def test_queries_look_up_stems_and_neighbours(query: str, lookups: list[tuple[str, ...]]) -> None:
    assert lookups_of(query) == lookups


def test_scripts_without_spaces_are_known() -> None:
    assert all(is_spaceless(c) for c in "沙が한ก𠀀")
    assert not any(is_spaceless(c) for c in "aя1ह")
