"""What a client may send, and what it gets back."""

from __future__ import annotations

import base64
import json
import wave
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from retrieval.decode.sound import RATE, Sound
from retrieval.errors import InvalidQuery, UnreadableMedia
from retrieval.media import Filters, ImageTerm, ItemTerm, Kind, Phrase, SpeechTerm, TextTerm
from retrieval.request import SearchBody
from retrieval.request import parse_search as parse_text


def parse_search(data: Any) -> SearchBody:
    return parse_text(json.dumps(data))


def encoded(data: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(data).decode()}


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (4, 3), "red").save(stream, "PNG")
    return stream.getvalue()


def silence(seconds: int) -> bytes:
    stream = BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes(bytes(2 * RATE * seconds))
    return stream.getvalue()


def test_every_kind_of_term_and_filter_arrives() -> None:
    body = parse_search(
        {
            "terms": [
                {"text": "a dog"},
                {"image": encoded(picture()), "weight": 0.5},
                {"audio": encoded(silence(seconds=2))},
                {"item": 3, "weight": -1},
            ],
            "filters": {"kind": ["image"], "in": "x", "after": "2024-01-02", "before": None},
            "k": 5,
            "offset": 10,
            "fold": False,
        }
    )
    query = body.as_query()
    text, image, speech, item = query.terms
    assert text == TextTerm("a dog")
    assert isinstance(image, ImageTerm)
    assert (image.image.size, image.weight) == ((4, 3), 0.5)
    assert image.hash == sha256(picture()).hexdigest()
    assert isinstance(speech, SpeechTerm)
    assert isinstance(speech.sound, Sound)
    assert speech.sound.duration == 2
    assert item == ItemTerm(3, -1.0)
    assert query.filters == Filters(frozenset({Kind.IMAGE}), "x", datetime(2024, 1, 2))
    assert (query.k, query.offset, query.fold) == (5, 10, False)
    assert parse_search({"q": "a dog"}).as_query().fold


def test_a_line_is_read_and_stands_before_the_terms() -> None:
    query = parse_search(
        {
            "q": '"red barn" -snow kind:image,text after:2024 in:2024',
            "terms": [{"text": 'kind:audio "as it stands"'}],
            "phrases": [{"words": "no trespassing", "wanted": False}],
            "filters": {"kind": ["text"], "in": "scans", "after": "2023-01-01", "min_size": 10},
        }
    ).as_query()
    assert query.terms == (
        TextTerm("red barn"),
        TextTerm("snow", -0.5),
        TextTerm('kind:audio "as it stands"'),
    )
    assert query.phrases == (Phrase("red barn"), Phrase("no trespassing", wanted=False))
    assert query.filters == Filters(
        frozenset({Kind.TEXT}), "scans", datetime(2024, 1, 1), min_size=10
    )


@pytest.mark.parametrize(
    "data",
    [
        {"q": "kind:image"},
        {"filters": {"kind": ["image"]}},
        {"q": '-"red barn"'},
        {"phrases": [{"words": "red barn"}]},
    ],
)
def test_restrictions_alone_are_a_query(data: Any) -> None:
    query = parse_search(data).as_query()
    assert query.restricts
    assert query.terms == ()


def test_several_lines_are_each_read_by_themselves() -> None:
    query = parse_search({"q": ["red kind:image", "", "blue kind:text after:2024"]}).as_query()
    assert query.terms == (TextTerm("red"), TextTerm("blue"))
    assert query.filters == Filters(frozenset({Kind.IMAGE, Kind.TEXT}), after=datetime(2024, 1, 1))


def test_bounds_arrive_as_numbers_and_moments_as_local_ones() -> None:
    noon = datetime(2024, 5, 1, 12)
    bounds = {"min_size": 1, "max_size": 2, "min_duration": 0.5, "max_duration": 1.5}
    filters = {**bounds, "after": noon.astimezone(UTC).isoformat()}
    query = parse_search({"q": "a", "filters": filters}).as_query()
    assert query.filters == Filters(
        after=noon, min_size=1, max_size=2, min_duration=0.5, max_duration=1.5
    )


def test_a_data_address_is_as_good_as_bare_base64() -> None:
    address = "data:image/png;base64," + encoded(picture())["base64"]
    [term] = parse_search({"terms": [{"image": {"base64": address}}]}).as_query().terms
    assert isinstance(term, ImageTerm)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({}, "q: say what to look for"),
        ({"terms": []}, "q: say what to look for"),
        ({"q": " "}, "q: say what to look for"),
        ({"filters": {"kind": []}, "k": 5}, "q: say what to look for"),
        ({"q": "-kind:image,text,audio,video"}, "q: say what to look for"),
        ({"q": "a" * 10_001}, "q.0: String should have at most 10000"),
        ({"q": ["a"] * 17}, "q: List should have at most 16"),
        ({"q": 5}, "q: Input should be a valid array"),
        ({"q": "a", "k": "5"}, "k: Input should be a valid integer"),
        ({"q": "a", "limit": 5}, "limit: there is no such field"),
        ({"q": "a", "filters": {"folder": "x"}}, "filters.folder: there is no such field"),
        ({"q": "-a -b", "terms": [{"text": "a"}] * 15}, "terms: 17 things to look for"),
        ({"q": "a", "phrases": [{"words": "?!"}]}, "phrases.0.words"),
        ({"q": "a", "filters": {"min_size": -1}}, "filters.min_size"),
        ({"q": "a", "filters": {"max_size": 2**63}}, "filters.max_size"),
        ({"q": "a", "filters": {"max_duration": float("inf")}}, "filters.max_duration"),
        ({"q": "a", "filters": {"after": "0001-01-01T00:00:00+14:00"}}, "filters.after"),
        ({"terms": [{}]}, "exactly one of text, image, audio, item and vector"),
        ({"terms": [{"text": "a", "item": 1}]}, "exactly one of"),
        ({"terms": [{"text": ""}]}, "terms.0.text"),
        ({"terms": [{"text": "a", "weight": float("nan")}]}, "terms.0.weight"),
        ({"terms": [{"text": "a", "weight": 11}]}, "terms.0.weight"),
        ({"terms": [{"item": 10**30}]}, "terms.0.item"),
        ({"terms": [{"url": "http://x"}]}, "a term has exactly one of"),
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


def test_a_whole_number_may_be_written_with_a_point() -> None:
    query = parse_text('{"terms": [{"item": 13.0}], "k": 5.0}').as_query()
    assert (query.terms, query.k) == ((ItemTerm(13),), 5)


def test_files_that_are_no_files_are_refused() -> None:
    with pytest.raises(InvalidQuery, match="base64"):
        parse_search({"terms": [{"image": {"base64": "???"}}]}).as_query()
    with pytest.raises(UnreadableMedia, match="not a picture that can be read"):
        parse_search({"terms": [{"image": encoded(b"not a picture")}]}).as_query()


NAMES = st.sampled_from(
    ["q", "terms", "phrases", "words", "text", "image", "item", "weight", "filters", "in", "k"]
)
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
