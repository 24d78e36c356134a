"""Two documents are nearly the same if one is a version of the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.alike.comparison import Texts
from retrieval.alike.wording import BYTES, meet, read_wordings, shared_runs, take_wording
from retrieval.catalog.sketches import Sketch
from retrieval.media import Kind

WORDS = "the a of barn road wood oak red water stone light hill long old bird tree built stood"


def essay(seed: int, length: int = 300) -> list[str]:
    return np.random.default_rng(seed).choice(WORDS.split(), length).tolist()


def versions(one: str, other: str, durations: tuple[float, float] | None = None) -> bool:
    kind = Kind.AUDIO if durations else Kind.TEXT
    sketches = [
        Sketch(i, kind, take_wording([text]), 0, len(text), durations[i] if durations else None)
        for i, text in enumerate((one, other))
    ]
    [same] = Texts(sketches).confirm(np.array([0]), np.array([1]))
    return bool(same)


def test_a_word_changed_makes_a_version() -> None:
    words = essay(1)
    changed = [*words[:40], "otherwise", *words[41:]]
    assert versions(" ".join(words), " ".join(changed))
    assert versions(" ".join(words), "  ".join(words).upper() + "\n\nP.S. And so on.")


def test_another_text_is_no_version() -> None:
    assert not versions(" ".join(essay(1)), " ".join(essay(2)))
    assert not versions(" ".join(essay(1)), " ".join(essay(1)[:150] + essay(2)[:150]))


def test_forms_that_differ_in_their_numbers_are_no_versions() -> None:
    form = " ".join(essay(3))
    assert not versions(f"{form} Invoice 1107: 24.90", f"{form} Invoice 1108: 31.50")
    assert versions(f"{form} Invoice 1107: 24.90", f"{form} Invoice 1107: 24.90. Paid on 3 May.")


def test_chinese_is_compared_too() -> None:
    text = "山中有一座红房子，清晨我们沿着山路往上走，雾还没有散，鸟在林子里叫，溪水很凉。" * 2
    assert versions(text, text.replace("清晨", "早晨", 1))
    assert not versions(text, "".join(sorted(text)))


def test_recordings_of_a_speech_must_be_as_long() -> None:
    heard = essay(4, 120)
    misheard = [word if i % 12 else "mumble" for i, word in enumerate(heard)]
    pair = " ".join(heard), " ".join(misheard)
    assert versions(*pair, durations=(60.0, 60.4))
    assert not versions(*pair, durations=(60.0, 75.0))


@pytest.mark.parametrize("text", ["", "a few words", "red " * 500])
def test_too_few_words_have_no_wording(text: str) -> None:
    assert take_wording([text]) == b""


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_has_a_wording_or_none(texts: list[str]) -> None:
    wording = take_wording(texts)
    assert len(wording) in (0, BYTES)
    assert wording == take_wording(reversed(texts))


def test_the_estimate_is_near_the_share_of_runs() -> None:
    for changed in (0, 10, 25):
        words = essay(5, 600)
        other = (
            [*words[:-changed], *(f"new{chr(97 + i)}" for i in range(changed))]
            if changed
            else words
        )
        runs = [{" ".join(t[i : i + 3]) for i in range(len(t) - 2)} for t in (words, other)]
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        one, two = (read_wordings([take_wording([" ".join(t)])]) for t in (words, other))
        assert shared_runs(one, two)[0] == pytest.approx(true, abs=0.1)


def test_versions_meet_and_the_pairs_do_not_grow_with_the_square() -> None:
    kept = [take_wording([" ".join([*essay(6), f"version{i}"])]) for i in range(200)]
    first, later = meet(read_wordings([*kept, take_wording([" ".join(essay(7))])]))
    assert set(later.tolist()) >= set(range(1, 200))
    assert 200 not in later.tolist()
    assert len(first) < 200 * 64 and (first < later).all()
