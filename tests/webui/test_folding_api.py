"""Near-duplicates come with the hit that they stand behind; items come with the query's words."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.webui.conftest import app_of
from tests.webui.lakes import OTHERS, library_of_lakes

SEARCH = "/api/v1/search"


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with library_of_lakes(tmp_path_factory.mktemp("lakes")) as library:
        yield app_of(library).test_client()


def names(items: list[dict[str, Any]]) -> set[str]:
    return {Path(item["path"]).name for item in items}


@pytest.mark.parametrize("query", ["q=lake", "kind=image,text", "q=kind:image,text"])
def test_near_duplicates_come_with_their_hit(lakes: FlaskClient, query: str) -> None:
    body = lakes.get(f"{SEARCH}?{query}").json
    hits = body["hits"]
    assert len(hits) == 1 + OTHERS + 1
    assert sum(1 + len(hit["alike"]) for hit in hits) == body["total"]
    pictures, reports = (
        [h for h in hits if h["alike"] and h["kind"] == k] for k in ("image", "text")
    )
    assert names([pictures[0], *pictures[0]["alike"]]) == {
        "lake-0.png",
        "lake-0-halved.png",
        "lake-0-compressed.png",
        "lake-0-brighter.png",
    }
    assert names([reports[0], *reports[0]["alike"]]) == {"report.txt", "report of June.txt"}
    for item in pictures[0]["alike"]:
        assert lakes.get(item["thumbnail"]).status_code == 200
        assert lakes.get(f"/api/v1/items/{item['item']}").json["path"] == item["path"]


@pytest.mark.parametrize("query", ["q=lake", "kind=image,text"])
def test_they_may_stand_for_themselves(lakes: FlaskClient, query: str) -> None:
    body = lakes.get(f"{SEARCH}?{query}&fold=false").json
    assert len(body["hits"]) == body["total"] == 1 + OTHERS + 3 + 2
    assert not any(hit["alike"] for hit in body["hits"])


def test_similar_items_fold_too(lakes: FlaskClient) -> None:
    [hit] = lakes.get(f"{SEARCH}?q=lake&kind=text").json["hits"]
    address = f"/api/v1/items/{hit['item']}/similar"
    folded, unfolded = (lakes.get(address + end).json for end in ("", "?fold=false"))
    assert len(folded["hits"]) == 1 + OTHERS + 1
    assert len(unfolded["hits"]) == unfolded["total"] == folded["total"]


def test_a_value_that_is_neither_true_nor_false_is_named(lakes: FlaskClient) -> None:
    reply = lakes.get(f"{SEARCH}?q=lake&fold=maybe")
    assert (reply.status_code, reply.json["error"].partition(":")[0]) == (400, "fold")


@pytest.mark.parametrize("query", ["q=lake", "kind=image,text"])
def test_pictures_come_with_a_glimpse_of_their_colours(lakes: FlaskClient, query: str) -> None:
    hits = lakes.get(f"{SEARCH}?{query}&fold=false").json["hits"]
    glimpses = {hit["path"]: b64decode(hit["glimpse"]) for hit in hits}
    assert {len(g) for path, g in glimpses.items() if path.endswith(".png")} == {48}
    assert {g for path, g in glimpses.items() if path.endswith(".txt")} == {b""}
    assert len(set(glimpses.values())) > OTHERS
