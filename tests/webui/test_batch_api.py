"""Several searches in one request, and searches by vector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fakes import DIM, FakeEncoder

SEARCH = "/api/v1/search"
BATCH = f"{SEARCH}/batch"
SEARCHES: list[dict[str, Any]] = [
    {"q": "red", "k": 3},
    {"q": "blue kind:image"},
    {"filters": {"kind": ["audio"]}},
    {"terms": [{"text": "green"}, {"text": "red", "weight": -1}], "offset": 1},
]


def vector(words: str) -> list[float]:
    return FakeEncoder().encode_texts([words])[0].tolist()


def hits(client: FlaskClient, *terms: dict[str, Any]) -> list[dict[str, Any]]:
    reply = client.post(SEARCH, json={"terms": list(terms)})
    assert reply.status_code == 200, reply.text
    return [{**hit, "snippet": "", "marks": []} for hit in reply.json["hits"]]


def test_a_batch_gives_the_answers_of_its_searches(client: FlaskClient) -> None:
    reply = client.post(BATCH, json={"searches": SEARCHES * 16})
    assert reply.status_code == 200, reply.text
    assert reply.json["ok"] is True
    alone = [client.post(SEARCH, json=search).json["hits"] for search in SEARCHES]
    assert [answer["hits"] for answer in reply.json["answers"]] == alone * 16


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"searches": []}, 400, "searches: "),
        ({"searches": [{"q": "red"}] * 65}, 400, "searches: "),
        ({}, 400, "searches: "),
        ({"searches": [{"q": "red"}, {}]}, 400, "searches.1: q: say what to look for"),
        ({"searches": [{"q": "red"}, {"q": "a", "k": 0}]}, 400, "searches.1.k: "),
        ({"searches": [{"q": "red"}, {"terms": [{"item": 10**9}]}]}, 404, "searches.1: "),
        ({"searches": [{"terms": [{"image": {"base64": "AAAA"}}]}]}, 422, "searches.0: "),
        ({"searches": [{"terms": [{"vector": [1, 2]}]}]}, 400, "searches.0: vector: "),
    ],
)
def test_a_batch_says_which_search_is_at_fault(
    client: FlaskClient, body: Any, status: int, says: str
) -> None:
    reply = client.post(BATCH, json=body)
    assert reply.status_code == status
    assert reply.json["error"].startswith(says)


def test_a_batch_is_json(client: FlaskClient) -> None:
    assert client.post(BATCH, data={"searches": "[]"}).status_code == 415
    refused = client.get(BATCH)
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_a_vector_finds_what_its_words_find(client: FlaskClient) -> None:
    def paths(*terms: dict[str, Any]) -> list[str]:
        return [Path(hit["path"]).name for hit in hits(client, *terms)]

    red = vector("red")
    assert paths({"vector": red})[0] == "red.png"
    assert paths({"vector": [1e-9 * part for part in red]}) == paths({"vector": red})
    assert paths({"vector": red}, {"vector": red, "weight": -0.5}, {"text": "blue"})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([1.0] * (DIM - 1), "vector: it has 31 components"),
        ([0.0] * DIM, "vector: it needs a direction"),
        ([], "terms.0.vector: "),
        ([1.0] * 5000, "terms.0.vector: "),
        ([float("nan")] * DIM, "terms.0.vector.0: "),
        ([float("inf")] * DIM, "terms.0.vector.0: "),
        ([1e300] * DIM, "terms.0.vector.0: "),
        (["1"] * DIM, "terms.0.vector.0: "),
        ("1,2", "terms.0.vector: "),
    ],
)
def test_a_vector_that_cannot_be_used_is_named(client: FlaskClient, given: Any, says: str) -> None:
    reply = client.post(SEARCH, json={"terms": [{"vector": given}]})
    assert reply.status_code == 400
    assert reply.json["error"].startswith(says)
