"""The values that a request's fields take, each with its bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from retrieval.search.language import LONGEST, MOST_TERMS
from retrieval.search.restrictions import MOST_BYTES

MOST_HITS = 1000
"""Hits of a page."""
FURTHEST = 1_000_000
"""The rank from which on nothing is shown."""
MOST_COMPONENTS = 4096
"""Of a vector; no encoder gives more."""
SWITCHES = {"true": True, "false": False}


def _as_moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("write a date as 2024-05-31, a moment as 2024-05-31T18:30:00") from error


def _as_local(moment: datetime) -> datetime:
    try:
        return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError as error:
        raise ValueError("this moment is outside the local calendar") from error


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_switch(value: Any) -> Any:
    """Read what flat fields say; ``yes`` and ``1`` would be guesses."""
    if not isinstance(value, str):
        return value
    if value not in SWITCHES:
        raise ValueError("write true or false")
    return SWITCHES[value]


def _as_whole(value: Any) -> Any:
    """Take 13.0 for 13: in JSON they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WHOLE = BeforeValidator(_as_whole)
Moment = Annotated[
    datetime,
    AfterValidator(_as_local),
    BeforeValidator(_as_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]
Switch = Annotated[bool, BeforeValidator(_as_switch)]
Weight = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Bytes = Annotated[int, Field(ge=0, lt=MOST_BYTES), _WHOLE]
Component = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
ItemNumber = Annotated[int, Field(ge=0, lt=2**63), _WHOLE]
HitCount = Annotated[int, Field(ge=1, le=MOST_HITS), _WHOLE]
Rank = Annotated[int, Field(ge=0, le=FURTHEST), _WHOLE]
LineOfSearch = Annotated[str, Field(max_length=LONGEST)]
ListOfLines = Annotated[list[LineOfSearch], Field(max_length=MOST_TERMS)]
Lines = Annotated[
    ListOfLines, BeforeValidator(_as_list, json_schema_input_type=LineOfSearch | ListOfLines)
]
