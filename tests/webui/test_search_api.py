from __future__ import annotations

import io
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

SEARCH = "/api/v1/search"


def names(reply: Any) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [Path(hit["path"]).name for hit in reply.json["hits"]]


def png(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_words_find_a_picture(client: FlaskClient) -> None:
    reply = client.get(SEARCH, query_string={"q": "blue", "kind": "image"})
    assert names(reply)[0] == "blue.png"
    body = reply.json
    assert body["ok"] is True
    assert body["total"] == 4
    assert body["took_ms"] >= 0
    hit = body["hits"][0]
    assert (hit["kind"], hit["width"], hit["height"]) == ("image", 320, 480)
    assert client.get(hit["thumbnail"]).status_code == 200
    assert client.get(hit["media"]).status_code == 200


def test_the_three_ways_of_asking_give_the_same_answer(client: FlaskClient) -> None:
    address = client.get(SEARCH, query_string={"q": "red", "kind": "image,text", "k": 5})
    terms = {"terms": [{"text": "red"}], "filters": {"kind": ["image", "text"]}, "k": 5}
    form = {"q": "red", "kind": ["image", "text"], "k": "5"}
    expected = address.json["hits"]
    assert client.post(SEARCH, json=terms).json["hits"] == expected
    assert (
        client.post(SEARCH, data=form, content_type="multipart/form-data").json["hits"] == expected
    )


def test_kind_may_be_repeated(client: FlaskClient) -> None:
    reply = client.get(f"{SEARCH}?q=red&kind=text&kind=audio&k=50")
    assert {hit["kind"] for hit in reply.json["hits"]} == {"text", "audio"}


def test_folder_and_dates_restrict(client: FlaskClient) -> None:
    assert set(names(client.get(f"{SEARCH}?q=red&in=trip"))) == {"green.jpg", "yellow.webp"}
    assert names(client.get(f"{SEARCH}?q=red&before=1990-01-01")) == []


def test_a_line_is_read_as_the_search_box_reads_it(client: FlaskClient) -> None:
    assert set(names(client.get(SEARCH, query_string={"q": "red in:trip"}))) == {
        "green.jpg",
        "yellow.webp",
    }
    assert names(client.get(SEARCH, query_string={"q": "-red kind:image"}))[-1] == "red.png"
    body = client.post(SEARCH, json={"q": "red kind:image,text", "filters": {"kind": ["image"]}})
    assert {hit["kind"] for hit in body.json["hits"]} == {"image"}


def test_a_term_s_text_is_not_read_as_a_line(client: FlaskClient) -> None:
    whole = client.post(SEARCH, json={"terms": [{"text": "red in:trip"}]}).json
    assert whole["total"] == 8


def test_repeated_lines_add_up(client: FlaskClient) -> None:
    reply = client.get(SEARCH, query_string={"q": ["red kind:image", "lamp kind:audio"], "k": 50})
    assert {hit["kind"] for hit in reply.json["hits"]} == {"image", "audio"}


def test_sizes_and_lengths_restrict(client: FlaskClient) -> None:
    assert names(client.get(f"{SEARCH}?q=red&min_duration=1")) == ["talk.wav"]
    assert names(client.get(f"{SEARCH}?q=red+longer:3s")) == []
    small = {hit["size"] for hit in client.get(f"{SEARCH}?q=red&max_size=1000").json["hits"]}
    large = {hit["size"] for hit in client.get(f"{SEARCH}?q=red&min_size=1001").json["hits"]}
    assert max(small) <= 1000 < min(large)


def test_a_query_that_only_restricts_lists_what_passes(client: FlaskClient) -> None:
    body = client.get(SEARCH, query_string={"q": "kind:image", "k": 3}).json
    rest = client.get(SEARCH, query_string={"kind": "image", "k": 3, "offset": 3}).json
    found = [hit["path"] for hit in body["hits"] + rest["hits"]]
    assert {Path(path).name for path in found} == {
        "red.png",
        "blue.png",
        "green.jpg",
        "yellow.webp",
    }
    assert (len(found), body["total"], rest["total"]) == (4, 4, 4)
    assert (body["ranked"], body["confident"]) == (False, True)
    assert {(hit["score"], hit["similarity"]) for hit in body["hits"]} == {(None, None)}
    seconds = [hit["modified_at"][:19] for hit in body["hits"] + rest["hits"]]
    assert seconds == sorted(seconds, reverse=True)


def test_what_was_listed_cannot_be_explained(client: FlaskClient, ids: dict[str, int]) -> None:
    reply = client.get(f"/api/v1/items/{ids['barn.txt']}/explain?kind=text")
    assert reply.status_code == 400
    assert "needs a text" in reply.json["error"]


def test_a_hit_tells_where_its_snippet_holds_the_query(client: FlaskClient) -> None:
    body = client.get(SEARCH, query_string={"q": "painting barns kind:text", "k": 1}).json
    [hit] = body["hits"]
    marked = {hit["snippet"][start:end] for start, end in hit["marks"]}
    assert marked == {"barn", "painted"}
    assert (body["ranked"], body["cutoff"]) == (True, 0.5)


def test_what_a_recording_says_is_marked(client: FlaskClient, folder: Path) -> None:
    sound = (io.BytesIO((folder / "talk.wav").read_bytes()), "said.wav")
    hits = client.post(SEARCH, data={"audio": sound, "kind": "text"}).json["hits"]
    [barn] = [hit for hit in hits if hit["path"].endswith("barn.txt")]
    assert "red" in [barn["snippet"][start:end] for start, end in barn["marks"]]


@pytest.mark.parametrize(
    "line",
    ['"', "-", "“", "kind:", "in:~nobody-of-this-name", "x" * 9000, "before:1000", "2:"],
)
def test_no_line_is_an_error(client: FlaskClient, line: str) -> None:
    assert client.post(SEARCH, json={"q": f"red {line}"}).status_code == 200


def test_pages_continue_where_the_last_ended(client: FlaskClient) -> None:
    whole = names(client.get(f"{SEARCH}?q=red&k=6"))
    parts = [names(client.get(f"{SEARCH}?q=red&k=3&offset={offset}")) for offset in (0, 3)]
    assert parts[0] + parts[1] == whole


def test_an_uploaded_picture_finds_its_like(client: FlaskClient) -> None:
    form = {"image": (io.BytesIO(png("yellow")), "query.png"), "kind": "image"}
    assert names(client.post(SEARCH, data=form))[0] == "yellow.webp"


def test_a_picture_in_json_finds_its_like(client: FlaskClient) -> None:
    picture = {"base64": b64encode(png("blue")).decode()}
    body = {"terms": [{"image": picture}], "filters": {"kind": ["image"]}}
    assert names(client.post(SEARCH, json=body))[0] == "blue.png"


def test_an_uploaded_recording_is_heard(client: FlaskClient, folder: Path) -> None:
    form = {"audio": (io.BytesIO((folder / "talk.wav").read_bytes()), "said.wav")}
    reply = client.post(SEARCH, data=form)
    assert reply.json["heard"] == ["the red boat came home and the lamp was lit"]


def test_a_form_mixes_words_files_items_and_weighted_terms(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    form = {
        "q": ["red", "blue"],
        "item": str(ids["green.jpg"]),
        "image": (io.BytesIO(png("red")), "query.png"),
        "terms": json.dumps([{"text": "yellow", "weight": -0.5}]),
        "kind": "image",
    }
    found = names(client.post(SEARCH, data=form))
    assert "green.jpg" not in found
    assert found[-1] == "yellow.webp"


def test_an_empty_file_input_is_no_term(client: FlaskClient) -> None:
    form = {"q": "red", "image": (io.BytesIO(b""), "")}
    assert client.post(SEARCH, data=form).status_code == 200


def test_similar_leaves_the_item_out(client: FlaskClient, ids: dict[str, int]) -> None:
    reply = client.get(f"/api/v1/items/{ids['red.png']}/similar?k=3")
    assert len(names(reply)) == 3
    assert "red.png" not in names(reply)
    assert client.get(f"{SEARCH}?item={ids['red.png']}&k=3").json["hits"] == reply.json["hits"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=red&k=many", "k:"),
        ("q=red&k=0", "k:"),
        ("q=red&offset=-1", "offset:"),
        ("q=red&kind=smell", "kind"),
        ("q=red&after=yesterdayish", "after"),
        ("q=red&min_size=big", "min_size"),
        ("q=red&max_duration=-1", "max_duration"),
        ("q=red&limit=3", "limit:"),
        ("item=nine", "item"),
        ("", "q:"),
        ("q=%20&kind=", "q:"),
        ("q=red&terms=[]", "terms:"),
        ("q=red&k=3&k=4", "k:"),
        ("q=red&fold=1", "fold:"),
        ("q=red&exact=yes", "exact:"),
        ("q=red&after=1700000000", "after:"),
    ],
)
def test_what_cannot_be_used_is_named(client: FlaskClient, query: str, field: str) -> None:
    reply = client.get(f"{SEARCH}?{query}")
    assert reply.status_code == 400
    assert reply.json["ok"] is False
    assert reply.json["status"] == 400
    assert field in reply.json["error"]
    assert reply.json["error"] == "; ".join(reply.json["errors"])


def test_every_field_at_fault_has_its_line(client: FlaskClient) -> None:
    reply = client.get(f"{SEARCH}?q=red&k=many&offset=-1")
    assert len(reply.json["errors"]) == 2


@pytest.mark.parametrize(
    ("body", "mimetype", "status"),
    [
        (b"red", "text/plain", 415),
        (b"q=red", "application/x-www-form-urlencoded", 415),
        (b"{red", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe{", "application/json", 400),
        (b'{"terms": [{"url": "http://127.0.0.1/"}]}', "application/json", 400),
        (b'{"terms": [{"image": {"base64": "%%%"}}]}', "application/json", 400),
        (b'{"terms": [{"image": {"base64": "aGVsbG8="}}]}', "application/json", 422),
        (b'{"terms": [{"item": 999999}]}', "application/json", 404),
    ],
)
def test_a_bad_body_is_refused(
    client: FlaskClient, body: bytes, mimetype: str, status: int
) -> None:
    reply = client.post(SEARCH, data=body, content_type=mimetype)
    assert reply.status_code == status, reply.text
    assert reply.json["status"] == status
    assert reply.json["errors"]


def test_a_field_left_empty_in_a_form_is_none(client: FlaskClient) -> None:
    empty = {"q": "red", "in": "", "after": "", "min_size": "", "kind": "", "item": ""}
    for reply in (
        client.get(SEARCH, query_string=empty),
        client.post(SEARCH, data=empty, content_type="multipart/form-data"),
    ):
        assert reply.json["total"] == 8


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"terms": "{"}, "terms: Invalid JSON"),
        ({"terms": '{"text": "a", "weight": 11}'}, "terms.0.weight"),
        ({"image": "iVBORw0KGgo="}, "image: send it as a file"),
        ({"q": (io.BytesIO(b"red"), "red.txt")}, "q: unknown file field"),
        ({"phrases": "[]"}, "phrases: there is no such field"),
    ],
)
def test_a_form_s_fields_are_named(client: FlaskClient, fields: Any, says: str) -> None:
    reply = client.post(SEARCH, data=fields, content_type="multipart/form-data")
    assert reply.status_code == 400
    assert reply.json["error"].startswith(says)


@pytest.mark.parametrize("body", [{"q": "red", "k": "5"}, {"q": "red", "fold": 1}, {"q": None}])
def test_json_says_numbers_as_numbers(client: FlaskClient, body: Any) -> None:
    assert client.post(SEARCH, json=body).status_code == 400


@pytest.mark.parametrize("field", ["limit=3", "filters=x", "exact=no"])
def test_similar_refuses_what_it_does_not_know(
    client: FlaskClient, ids: dict[str, int], field: str
) -> None:
    reply = client.get(f"/api/v1/items/{ids['red.png']}/similar?{field}")
    assert reply.status_code == 400
    assert reply.json["error"].startswith(field.partition("=")[0])


def test_an_unknown_file_field_is_refused(client: FlaskClient) -> None:
    reply = client.post(SEARCH, data={"picture": (io.BytesIO(png("red")), "a.png")})
    assert reply.status_code == 400
    assert "picture" in reply.json["error"]
