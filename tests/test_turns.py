"""Questions asked at once are answered together, each with its own answer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from retrieval.turns import Turns


def test_a_lone_question_is_answered_at_once() -> None:
    turns = Turns(lambda questions: [question * 2 for question in questions])
    assert [turns.ask(number) for number in (1, 2)] == [2, 4]


def test_those_who_wait_are_answered_together() -> None:
    batches: list[list[int]] = []
    started, go_on = Event(), Event()

    def answer(questions: Sequence[int]) -> list[int]:
        batches.append(list(questions))
        started.set()
        assert go_on.wait(10)
        return [-question for question in questions]

    turns = Turns(answer)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(turns.ask, 0)
        assert started.wait(10)
        others = [threads.submit(turns.ask, number) for number in range(1, 9)]
        while len(turns._waiting) < 8:
            pass
        go_on.set()
        assert [future.result(10) for future in (first, *others)] == [-n for n in range(9)]
    assert [sorted(batch) for batch in batches] == [[0], list(range(1, 9))]


def test_an_error_reaches_everyone_who_asked_and_nobody_later() -> None:
    def answer(questions: Sequence[str]) -> list[str]:
        if "bad" in questions:
            raise ValueError("bad")
        return list(questions)

    turns = Turns(answer)
    with pytest.raises(ValueError, match="bad"):
        turns.ask("bad")
    assert turns.ask("good") == "good"
