"""As many values at a time as one statement takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

CHUNK = 500
"""Values of one statement: SQLite bounds the number of variables."""

Value = TypeVar("Value")


def in_chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """Part values, in their order, into as many as one statement takes."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
