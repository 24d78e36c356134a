"""Queries and an answer that show what is meant; a test sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from retrieval.media import Kind
from retrieval.request import BatchBody, SearchBody
from retrieval.wire import AnswerBody, HitBody
from webui.indexing import JobBody
from webui.remarks import RemarksBody

BODIES: Mapping[type[BaseModel], Mapping[str, Any]] = {
    SearchBody: {
        "a line of the search box": {"q": "a dog on the beach -crowd kind:image", "k": 10},
        "a mix of terms": {
            "terms": [{"text": "a dog on the beach"}, {"item": 12, "weight": -0.5}],
            "filters": {"kind": ["image"], "in": "2024", "after": "2024-05-01"},
        },
        "documents with a phrase": {
            "q": "fishing rights",
            "phrases": [{"words": "no entry", "wanted": False}],
            "filters": {"kind": ["text"]},
        },
    },
    BatchBody: {
        "two searches": {"searches": [{"q": "red barn"}, {"q": "kind:audio", "k": 5}]},
    },
    JobBody: {"all that was indexed before": {}},
    RemarksBody: {
        "a favourite with a caption": {"favourite": True, "caption": "Grandma's garden in spring"},
        "no caption any more": {"caption": ""},
    },
}
"""Requests, by model and by what they show."""

FIELDS: Mapping[str, Any] = {"q": ["a dog on the beach"], "in": "2024", "after": "2024-05-01"}
"""Fields of an address."""

_HIT = HitBody(
    item=12,
    kind=Kind.IMAGE,
    path="/home/ada/Pictures/2024/shore.jpg",
    title="",
    mime="image/jpeg",
    size=2_481_920,
    modified_at=datetime(2024, 7, 14, 18, 30, tzinfo=UTC),
    taken_at=datetime(2024, 7, 14, 16, 5, 12),
    width=4000,
    height=3000,
    duration=None,
    camera="Fujifilm X-T5",
    latitude=54.6,
    longitude=-5.7,
    language="",
    favourite=False,
    caption="",
    thumbnail="/api/v1/items/12/thumbnail?v=5f2c81d09a4e",
    media="/api/v1/items/12/media",
    passage=31,
    score=0.9312,
    similarity=0.3127,
    snippet="",
    marks=(),
    page=None,
    start=None,
    end=None,
    passages=1,
    glimpse="jKOzk6q6lK6+mLPDfpKbjqWxlaqzn7K5dHRqgHxuiIJykIl3b2VSdmpVfXBZg3Rb",
    alike=[],
)
ANSWER = AnswerBody(
    took_ms=14.2,
    timings={"encode": 8.1, "filter": 0.4, "search": 3.9, "load": 1.8},
    total=10_412,
    by_kind={Kind.IMAGE: 10_380, Kind.TEXT: 32},
    ranked=True,
    confident=True,
    heard=[],
    restrictions=[()],
    hits=[_HIT],
)
