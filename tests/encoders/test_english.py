"""Which texts the English reader is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encoders.builtin import FOLDER
from retrieval.encoders.english import EnglishWords

WINDOW = 128
words = EnglishWords(FOLDER / "english.json", WINDOW)
MARKS = words("")


@pytest.mark.parametrize(
    "text", ["sunset", "A tri-colored Chihuahua , running", "coffee on a wooden table", "Café"]
)
def test_english_is_read(text: str) -> None:
    assert len(words(text)) > len(MARKS)


@pytest.mark.parametrize(
    "text",
    [
        "一只狗在海滩上奔跑",
        "一只狗在玩 frisbee",
        "Zwei Kinder spielen im Schnee",
        "una mujer con sombrero rojo",
        "собака на пляже",
        "🙂",
        "",
    ],
)
def test_what_is_not_english_is_left_to_the_other_reader(text: str) -> None:
    assert words(text) == MARKS


def test_the_marks_are_two() -> None:
    assert len(MARKS) == 2  # the text tower knows silence by that number


@given(st.text(max_size=2000))
def test_any_text_fits_between_its_marks(text: str) -> None:
    ids = words(text)
    assert 2 <= len(ids) <= WINDOW
    assert [ids[0], ids[-1]] == MARKS


def test_a_long_text_is_cut_at_the_window() -> None:
    assert len(words("a dog in the snow " * 100)) == WINDOW
