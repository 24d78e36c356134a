"""What a client may send, and what it gets back."""

from __future__ import annotations

import base64
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from retrieval.errors import InvalidQuery, UnreadableMedia
from retrieval.media import Filters, ImageTerm, ItemTerm, Kind, SpeechTerm, TextTerm
from retrieval.wire import SearchBody, parse_search


def encoded(data: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(data).decode()}


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (4, 3), "red").save(stream, "PNG")
    return stream.getvalue()


def test_every_kind_of_term_and_filter_arrives() -> None:
    body = parse_search(
        {
            "terms": [
                {"text": "a dog"},
                {"image": encoded(picture()), "weight": 0.5},
                {"audio": encoded(b"sound")},
                {"item": 3, "weight": -1},
            ],
            "filters": {"kind": ["image"], "in": "x", "after": "2024-01-02", "before": None},
            "k": 5,
            "offset": 10,
        }
    )
    query = body.as_query()
    text, image, speech, item = query.terms
    assert text == TextTerm("a dog")
    assert isinstance(image, ImageTerm)
    assert (image.image.size, image.weight) == ((4, 3), 0.5)
    assert image.hash == sha256(picture()).hexdigest()
    assert speech == SpeechTerm(b"sound")
    assert item == ItemTerm(3, -1.0)
    assert query.filters == Filters(frozenset({Kind.IMAGE}), "x", datetime(2024, 1, 2))
    assert (query.k, query.offset) == (5, 10)


def test_a_data_address_is_as_good_as_bare_base64() -> None:
    address = "data:image/png;base64," + encoded(picture())["base64"]
    [term] = parse_search({"terms": [{"image": {"base64": address}}]}).as_query().terms
    assert isinstance(term, ImageTerm)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({}, "terms: Field required"),
        ({"terms": []}, "terms: List should have at least 1"),
        ({"terms": [{}]}, "exactly one of text, image, audio and item"),
        ({"terms": [{"text": "a", "item": 1}]}, "exactly one of"),
        ({"terms": [{"text": ""}]}, "terms.0.text"),
        ({"terms": [{"text": "a", "weight": float("nan")}]}, "terms.0.weight"),
        ({"terms": [{"text": "a", "weight": 11}]}, "terms.0.weight"),
        ({"terms": [{"item": 10**30}]}, "terms.0.item"),
        ({"terms": [{"url": "http://x"}]}, "terms.0.url: Extra inputs are not permitted"),
        ({"terms": [{"text": "a"}], "k": 0}, "k: Input should be greater"),
        ({"terms": [{"text": "a"}], "filters": {"kind": ["smell"]}}, "filters.kind.0"),
        ({"terms": [{"text": "a"}], "filters": {"after": "soon"}}, "filters.after"),
        ([], "query: "),
        (None, "query: "),
    ],
)
def test_what_cannot_be_used_is_named(request_: Any, says: str) -> None:
    with pytest.raises(InvalidQuery, match=says.replace(".", r"\.")):
        parse_search(request_)


def test_files_that_are_no_files_are_refused() -> None:
    with pytest.raises(InvalidQuery, match="base64"):
        parse_search({"terms": [{"image": {"base64": "???"}}]}).as_query()
    with pytest.raises(UnreadableMedia, match="not a picture that can be read"):
        parse_search({"terms": [{"image": encoded(b"not a picture")}]}).as_query()


NAMES = st.sampled_from(["terms", "text", "image", "item", "weight", "filters", "in", "k"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_query_or_an_explained_refusal(data: Any) -> None:
    try:
        assert isinstance(parse_search(data), SearchBody)
    except InvalidQuery as error:
        assert str(error)
