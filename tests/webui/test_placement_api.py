"""Where passages stand on their pages, and the pages themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.indexer.papers import print_plates
from tests.webui.conftest import app_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    media = tmp_path_factory.mktemp("media")
    print_plates(media / "log.pdf", ("The lamp was lit.", []), ("The red boat came home.", []))
    (media / "note.txt").write_text("a red note")
    with Library.open(tmp_path_factory.mktemp("library"), FakeEncoder()) as library:
        index(library, [media])
        yield app_of(library).test_client()


def items(client: FlaskClient) -> dict[str, int]:
    hits = client.get("/api/v1/search?q=red&fold=false").json["hits"]
    return {Path(hit["path"]).name: hit["item"] for hit in hits}


def passages(client: FlaskClient, item: int) -> list[dict]:
    return client.get(f"/api/v1/items/{item}").json["passages"]


def test_a_passage_and_the_words_in_it_are_placed(client: FlaskClient) -> None:
    item = items(client)["log.pdf"]
    second = passages(client, item)[1]["passage"]
    reply = client.get(f"/api/v1/items/{item}/passages/{second}/placement?q=red+boats").json
    assert reply["ok"]
    [line] = reply["lines"]
    assert len(reply["marks"]) == 2
    for left, top, right, bottom in reply["marks"]:
        assert line[0] < left < right < line[2]
        assert line[1] - 0.01 <= top < bottom <= line[3] + 0.01
    without = client.get(f"/api/v1/items/{item}/passages/{second}/placement").json
    assert without == {"ok": True, "lines": [line], "marks": []}


def test_what_is_on_no_page_is_nowhere(client: FlaskClient) -> None:
    item = items(client)["note.txt"]
    [passage] = passages(client, item)
    reply = client.get(f"/api/v1/items/{item}/passages/{passage['passage']}/placement?q=red")
    assert reply.json == {"ok": True, "lines": [], "marks": []}


def test_a_passage_of_another_item_is_not_found(client: FlaskClient) -> None:
    named = items(client)
    other = passages(client, named["note.txt"])[0]["passage"]
    reply = client.get(f"/api/v1/items/{named['log.pdf']}/passages/{other}/placement")
    assert reply.status_code == 404 and f"no passage {other}" in reply.json["error"]


def test_unknown_fields_are_refused(client: FlaskClient) -> None:
    item = items(client)["log.pdf"]
    reply = client.get(f"/api/v1/items/{item}/passages/1/placement?words=red")
    assert reply.status_code == 400 and reply.json["errors"] == ["words: there is no such field"]


def test_the_page_of_a_passage_is_drawn(client: FlaskClient) -> None:
    item = items(client)["log.pdf"]
    preview = client.get(f"/api/v1/items/{item}").json["preview"]
    first, second = (one["passage"] for one in passages(client, item))
    drawn = [client.get(f"{preview}&passage={passage}").data for passage in (first, second)]
    assert drawn[0] != drawn[1]
    assert client.get(preview).data == drawn[0]
    width, height = Image.open(io.BytesIO(drawn[1])).size
    assert (width, height / width) == (1080, pytest.approx(297 / 210, abs=0.01))
