from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from retrieval.explain.regions import CELLS
from tests.halves import PICTURE, halved_library
from tests.webui.conftest import CHINESE, app_of


@pytest.fixture
def halves(tmp_path: Path) -> Iterator[FlaskClient]:
    with halved_library(tmp_path) as library:
        yield app_of(library).test_client()


def sides(values: list[list[float]]) -> tuple[float, float]:
    """Add up the heat of the two outermost columns on the left, and on the right."""
    return sum(sum(row[:2]) for row in values), sum(sum(row[-2:]) for row in values)


def hit_of(client: FlaskClient, query: str) -> dict:
    return client.get(f"/api/v1/search?q={query}").json["hits"][0]


def test_a_picture_is_explained_by_regions_and_an_overlay(
    halves: FlaskClient,
) -> None:
    hit = hit_of(halves, "red")
    body = halves.get(f"/api/v1/items/{hit['item']}/explain?q=red").json
    assert (body["ok"], body["item"], body["passage"]) == (True, hit["item"], hit["passage"])
    assert (body["kind"], body["sentences"], body["words"]) == ("image", [], [])
    regions = body["regions"]
    assert (regions["rows"], regions["columns"]) == (CELLS, CELLS)
    assert regions["fall"] > 0
    assert [len(row) for row in regions["values"]] == [CELLS] * CELLS
    left, right = sides(regions["values"])
    assert left > 0 == right
    kind, _, data = regions["overlay"].partition(",")
    overlay = Image.open(io.BytesIO(base64.b64decode(data)))
    assert kind == "data:image/png;base64"
    assert overlay.width == 2 * overlay.height


def test_a_picture_without_parts_that_stand_out_has_no_overlay(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    regions = client.get(f"/api/v1/items/{ids['red.png']}/explain?q=red").json["regions"]
    assert (regions["fall"], regions["overlay"]) == (0, None)
    assert not any(map(any, regions["values"]))


@pytest.mark.parametrize(
    ("query", "sentence", "word"), [("red", "山中有一座红房子。", "红"), ("蓝 红", None, "红")]
)
def test_a_document_is_explained_by_spans(
    client: FlaskClient, ids: dict[str, int], query: str, sentence: str | None, word: str
) -> None:
    body = client.get(f"/api/v1/items/{ids['山居.txt']}/explain?q={query}").json
    assert body["regions"] is None
    best = max(body["sentences"], key=lambda span: span["weight"])
    assert best["weight"] == 1
    assert sentence in (None, CHINESE[best["start"] : best["end"]])
    words = {CHINESE[s["start"] : s["end"]] for s in body["words"] if s["weight"] > 0.3}
    assert word in words


def test_the_passage_named_is_explained(client: FlaskClient, ids: dict[str, int]) -> None:
    item = f"/api/v1/items/{ids['barn.txt']}"
    first, *_, last = client.get(item).json["passages"]
    assert client.get(f"{item}/explain?q=red+barn").json["passage"] == first["passage"]
    query = {"terms": [{"text": "red barn"}, {"item": ids["red.png"], "weight": 0.5}]}
    reply = client.post(f"{item}/passages/{last['passage']}/explain", json=query)
    assert reply.json["passage"] == last["passage"]
    for span in reply.json["sentences"] + reply.json["words"]:
        assert 0 <= span["start"] < span["end"] <= len(last["text"])


def test_a_picture_is_explained_to_a_picture(halves: FlaskClient) -> None:
    item = hit_of(halves, "red")["item"]
    file = io.BytesIO()
    Image.new("RGB", (9, 9), "blue").save(file, "PNG")
    upload = {"image": (io.BytesIO(file.getvalue()), "blue.png")}
    values = halves.post(f"/api/v1/items/{item}/explain", data=upload).json["regions"]["values"]
    left, right = sides(values)
    assert right > 0 == left


def test_a_picture_that_is_gone_cannot_be_explained(halves: FlaskClient, tmp_path: Path) -> None:
    item = hit_of(halves, "red")["item"]
    (tmp_path / PICTURE).unlink()
    reply = halves.get(f"/api/v1/items/{item}/explain?q=red")
    assert reply.status_code == 404
    assert "no longer there" in reply.json["error"]


@pytest.mark.parametrize("query", ["", "q=", "q=red&unheard=of", "item=999999"])
def test_a_query_that_cannot_be_used_is_refused(
    client: FlaskClient, ids: dict[str, int], query: str
) -> None:
    reply = client.get(f"/api/v1/items/{ids['red.png']}/explain?{query}")
    assert reply.status_code in (400, 404)
    assert reply.json["ok"] is False
    assert reply.json["errors"]


@pytest.mark.parametrize("path", ["999999/explain", "999999/passages/1/explain", "x/explain"])
def test_what_is_not_there_is_not_found(
    client: FlaskClient, ids: dict[str, int], path: str
) -> None:
    reply = client.get(f"/api/v1/items/{path.format(red=ids['red.png'])}?q=red")
    assert reply.status_code == 404
    assert reply.json["status"] == 404


def test_for_a_passage_that_is_not_its_own_an_item_s_best_is_explained(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    [foreign, *_] = client.get(f"/api/v1/items/{ids['barn.txt']}").json["passages"]
    item = f"/api/v1/items/{ids['red.png']}"
    best = client.get(f"{item}/explain?q=red").json
    for gone in (foreign["passage"], 999999):
        assert client.get(f"{item}/passages/{gone}/explain?q=red").json == best


def test_what_was_found_by_a_caption_is_explained_after_it_was_written_anew(
    halves: FlaskClient,
) -> None:
    item = f"/api/v1/items/{hit_of(halves, 'red')['item']}"
    halves.patch(item, json={"caption": "zebras at noon"})
    hit = hit_of(halves, "zebras")
    halves.patch(item, json={"caption": "a red boat"})
    body = halves.get(f"{item}/passages/{hit['passage']}/explain?q=red").json
    left = {p["passage"] for p in halves.get(item).json["passages"]}
    assert hit["passage"] not in left
    assert body["passage"] in left
