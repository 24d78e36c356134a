from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from indexer.ahead import ahead


def halve(number: int) -> float:
    if number == 3:
        raise ValueError("three")
    time.sleep(0.01 * (number % 3))
    return number / 2


def test_results_keep_their_order_and_errors_their_place() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(ahead(pool, halve, range(8), depth=3))
    assert [item for item, _ in results] == list(range(8))
    assert isinstance(results.pop(3)[1], ValueError)
    assert all(outcome == item / 2 for item, outcome in results)


def noted(taken: list[int]) -> Iterator[int]:
    """Count to ten, and note how far it came."""
    for number in range(10):
        taken.append(number)
        yield number


def test_no_more_is_taken_than_the_depth() -> None:
    taken: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        stream = ahead(pool, halve, noted(taken), depth=4)
        next(stream)
        assert len(taken) == 4
        stream.close()


def test_what_is_heavy_counts_for_more() -> None:
    taken: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        stream = ahead(
            pool, halve, noted(taken), depth=8, weigh=lambda number: 4 if number < 4 else 1
        )
        assert next(stream)[0] == 0
        assert len(taken) == 2, "two heavy ones fill it"
        assert [number for number, _ in stream] == list(range(1, 10))
