"""The stretch of a passage that is shown, and the query's words in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.excerpt import LONGEST, Excerpt, excerpt
from retrieval.search.marks import marks

FILLER = "It was built of oak and never painted again. " * 40


def marked(shown: Excerpt) -> list[str]:
    return [shown.text[start:end] for start, end in shown.marks]


def test_a_short_text_is_shown_whole() -> None:
    shown = excerpt("Two  dogs\nare running.", "a running dog")
    assert shown.text == "Two dogs are running."
    assert marked(shown) == ["dogs", "running"]


def test_a_long_text_without_matches_is_shown_from_its_beginning() -> None:
    shown = excerpt(FILLER, "zebra")
    assert shown.text == " ".join(FILLER.split())[:797].rstrip() + "…"
    assert shown.marks == ()


def test_a_long_text_is_shown_from_the_sentence_of_the_first_match() -> None:
    shown = excerpt(FILLER + "A red barn stood by the road. " + FILLER, "barns")
    assert shown.text.startswith("… A red barn stood by the road. It was")
    assert shown.text.endswith("…")
    assert marked(shown) == ["barn"]


def test_a_match_near_the_end_is_shown_with_what_stands_before_it() -> None:
    shown = excerpt(FILLER + "A red barn stood by the road.", "barn")
    assert shown.text.startswith("… It was built")
    assert shown.text.endswith("A red barn stood by the road.")
    assert len(shown.text) > LONGEST - 60


def test_without_sentences_it_begins_with_a_word() -> None:
    shown = excerpt("never painted " * 100 + "barn " + "again and " * 100, "barn")
    assert shown.text.startswith(("… never ", "… painted "))
    assert marked(shown) == ["barn"]


def test_chinese_begins_with_its_sentence() -> None:
    shown = excerpt("雾还没有散。" * 200 + "山中有一座红房子。" + "我们往上走。" * 200, "红房子")
    assert shown.text.startswith("… 山中有一座红房子。我们")
    assert marked(shown) == ["红房子"]


def test_phrases_are_marked() -> None:
    assert marked(excerpt("No entry. No barn.", "", ["no entry"])) == ["No", "entry"]


LINES = st.lists(st.sampled_from(["barn", "red", "。", ". ", " ", "oak ", "山", "\n", "é"]))


@given(LINES.map(lambda parts: "".join(parts) * 30), st.sampled_from(["barn", "山 red", "é", "x"]))
def test_an_excerpt_keeps_to_its_length_and_shows_a_match_where_there_is_one(
    text: str, words: str
) -> None:
    shown = excerpt(text, words)
    assert len(shown.text) <= LONGEST
    assert bool(shown.marks) == bool(marks(text, words))
    ends = [0, *(end for _, end in shown.marks)]
    assert all(
        before <= start < end for (start, end), before in zip(shown.marks, ends, strict=False)
    )
    assert ends[-1] <= len(shown.text)
    assert shown.text.strip("… ") in " ".join(text.split())
