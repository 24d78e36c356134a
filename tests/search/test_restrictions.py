"""Values as people write them, and how two filters apply together."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.media import Filters, Kind
from retrieval.search.restrictions import OPERATORS, add_up, within

IMAGE, TEXT, AUDIO, VIDEO = (frozenset({kind}) for kind in Kind)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", datetime(2024, 1, 1), datetime(2024, 12, 31, 23, 59, 59)),
        ("2024-05", datetime(2024, 5, 1), datetime(2024, 5, 31, 23, 59, 59)),
        ("2024-12", datetime(2024, 12, 1), datetime(2024, 12, 31, 23, 59, 59)),
        ("2024-2-29", datetime(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59)),
        ("2024/05/01", datetime(2024, 5, 1), datetime(2024, 5, 1, 23, 59, 59)),
        ("2024.5", datetime(2024, 5, 1), datetime(2024, 5, 31, 23, 59, 59)),
        ("2024年", datetime(2024, 1, 1), datetime(2024, 12, 31, 23, 59, 59)),
        ("2024年5月", datetime(2024, 5, 1), datetime(2024, 5, 31, 23, 59, 59)),
        ("2024年5月1日", datetime(2024, 5, 1), datetime(2024, 5, 1, 23, 59, 59)),
        ("2999-12-31", datetime(2999, 12, 31), datetime(2999, 12, 31, 23, 59, 59)),
    ],
)
def test_a_date_is_its_whole_span(value: str, first: datetime, last: datetime) -> None:
    assert OPERATORS["on"](value) == Filters(after=first, before=last)
    assert OPERATORS["after"](value) == Filters(after=first)
    before = OPERATORS["before"](value)
    assert before is not None
    assert before.before is not None
    assert (first - before.before).total_seconds() == 1


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("500", 500),
        ("2kb", 2000),
        ("2K", 2000),
        ("1.5MB", 1_500_000),
        ("1GiB", 2**30),
        ("3tb", 3e12),
    ],
)
def test_sizes(value: str, size: int) -> None:
    assert OPERATORS["larger"](value) == OPERATORS["size"](f">={value}") == Filters(min_size=size)
    assert OPERATORS["smaller"](value) == OPERATORS["大小"](f"＜{value}") == Filters(max_size=size)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("1.5min", 90),
        ("1m30s", 90),
        ("1:30", 90),
        ("1：30", 90),
        ("2h", 7200),
        ("1:00:05", 3605),
        ("1小时2分钟", 3720),
        ("90秒", 90),
    ],
)
def test_lengths(value: str, seconds: float) -> None:
    assert OPERATORS["longer"](value) == Filters(min_duration=seconds)
    assert OPERATORS["duration"](f"<{value}") == Filters(max_duration=seconds)


@given(
    st.sampled_from(sorted(OPERATORS)), st.text(min_size=1) | st.from_regex(r"[<>]?\d+[a-z年:-]*")
)
def test_any_value_is_read_or_left(name: str, value: str) -> None:
    read = OPERATORS[name](value)
    assert read is None or read != Filters()


def test_bounds_said_twice_narrow() -> None:
    first = Filters(IMAGE, "a", datetime(2020, 1, 1), datetime(2024, 1, 1), 10, 20, 1.0, 9.0)
    second = Filters(TEXT, "b", datetime(2021, 1, 1), datetime(2025, 1, 1), 5, 15, 2.0, 10.0)
    bounds = (datetime(2021, 1, 1), datetime(2024, 1, 1), 10, 15, 2.0, 9.0)
    assert add_up(first, second) == Filters(IMAGE | TEXT, "b", *bounds)
    assert within(first, second) == Filters(IMAGE, "a", *bounds)


def test_what_is_empty_does_not_restrict() -> None:
    some = Filters(IMAGE, "a", min_size=0, min_duration=0.0)
    for both in (add_up, within):
        assert both(some, Filters()) == both(Filters(), some) == some


@pytest.mark.parametrize(
    ("outer", "inner", "both"),
    [(IMAGE | TEXT, TEXT | AUDIO, TEXT), (IMAGE, AUDIO, IMAGE), (IMAGE, frozenset(), IMAGE)],
)
def test_inner_kinds_never_widen_the_outer(
    outer: frozenset[Kind], inner: frozenset[Kind], both: frozenset[Kind]
) -> None:
    assert within(Filters(outer), Filters(inner)).kinds == both
