"""Work done ahead in other threads, in order and within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(
    pool: Executor,
    work: Callable[[T], R],
    items: Iterable[T],
    depth: int,
    weigh: Callable[[T], int] = lambda _: 1,
) -> Iterator[tuple[T, R | Exception]]:
    """Yield each item with what the work made of it, or with the error that it raised.

    Results come in the order of the items, and those that wait never weigh more than ``depth``
    together, but for one.
    """

    def attempt(item: T) -> R | Exception:
        try:
            return work(item)
        except Exception as error:
            return error

    waiting: deque[tuple[T, Future[R | Exception]]] = deque()
    weight = 0
    try:
        for item in items:
            waiting.append((item, pool.submit(attempt, item)))
            weight += weigh(item)
            while weight >= depth:
                first, future = waiting.popleft()
                weight -= weigh(first)
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        for _, future in waiting:
            future.cancel()
