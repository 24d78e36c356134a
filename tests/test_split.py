from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.split import TARGET, split
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
PROSE = " ".join(f"This is sentence number {n} of the story." for n in range(60))


def windows(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text, ENCODER)]


def demand_cover(text: str) -> None:
    """Every character but white space is in a window, in order and within the limit."""
    spans = split(text, ENCODER)
    covered: set[int] = set()
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
        covered.update(range(start, end))
    assert spans == sorted(spans) and len(set(spans)) == len(spans)
    assert all(text[at].isspace() for at in set(range(len(text))) - covered)
    counts = ENCODER.count_tokens([text[start:end] for start, end in spans])
    assert all(count <= ENCODER.text_window for count in counts)


ALPHABET = st.sampled_from(
    [*list("ab  \n\n.,!?。！，；猫狗\"')-*1é\u3000…"), "word ", "柳树。", "\n\n"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=600).map("".join))
def test_windows_cover_the_text(text: str) -> None:
    demand_cover(text)


@given(st.text(max_size=300))
def test_any_characters_are_covered(text: str) -> None:
    demand_cover(text)


def test_nothing_gives_nothing() -> None:
    assert windows("") == windows(" \n\t\u3000") == []


def test_a_short_text_is_one_window() -> None:
    assert windows("  One. Two! Three? \n") == ["One. Two! Three?"]


def test_windows_end_with_sentences_and_share_one() -> None:
    found = windows(PROSE)
    assert len(found) > 5
    assert all(window.startswith("This is") and window.endswith("story.") for window in found)
    for before, after in itertools.pairwise(found):
        assert before[-20:] in after


def test_windows_are_filled() -> None:
    counts = ENCODER.count_tokens(windows(PROSE))
    assert min(counts[:-1]) > min(TARGET, ENCODER.text_window) * 0.7


def test_the_last_window_is_no_crumb() -> None:
    counts = ENCODER.count_tokens(windows(PROSE + "\n\nThe end."))
    assert counts[-1] > min(TARGET, ENCODER.text_window) * 0.4


def test_chinese_is_cut_after_its_full_stops() -> None:
    found = windows("湖边的柳树已经发芽了。孩子们在草地上放风筝！你看见了吗？" * 8)
    assert len(found) > 3
    assert all(window[-1] in "。！？" for window in found)


def test_a_paragraph_is_not_shared_with_the_next() -> None:
    one, two = "Cats sleep all day long. " * 8, "Whales sing in the sea. " * 8
    assert windows(one + "\n\n" + two) == [one.strip(), two.strip()]


def test_decimals_and_addresses_are_no_ends() -> None:
    text = "Pi is 3.14159 and example.com is a name"
    assert windows(text) == [text]


def test_a_word_without_end_is_cut() -> None:
    assert "".join(windows("x" * 10_000)) == "x" * 10_000
    demand_cover("猫" * 10_000)


def test_long_runs_of_stops_and_spaces_take_no_time() -> None:
    for text in ("." * 300_000, "\n" * 300_000 + "x", ("\n" + " " * 50) * 10_000 + "x"):
        demand_cover(text)
