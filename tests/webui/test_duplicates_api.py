from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.run import index
from retrieval.library import Library
from tests.alike.scenes import CHANGES, scene
from tests.fakes import FakeEncoder
from tests.webui.conftest import app_of


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """Serve a library with a photo in two versions and two copies of another."""
    media = tmp_path / "media"
    (media / "phone").mkdir(parents=True)
    scene(1).save(media / "lake.png")
    CHANGES["halved"](scene(1)).save(media / "phone" / "small.png")
    scene(2).save(media / "phone" / "hill.png")
    for number in (1, 2):
        shutil.copy(media / "phone" / "hill.png", media / "phone" / f"hill {number}.png")
    library = Library.open(tmp_path / "library", FakeEncoder())
    index(library, [media])
    return app_of(library).test_client()


def test_groups_are_listed_with_what_each_file_is(client: FlaskClient) -> None:
    body = client.get("/api/v1/duplicates").json
    assert (body["ok"], body["total"]) == (True, 2)
    hill, lake = body["groups"]
    assert [item["likeness"] for item in hill["items"]] == ["best", "copy", "copy"]
    assert [Path(item["path"]).name for item in lake["items"]] == ["lake.png", "small.png"]
    assert lake["kind"] == "image" and lake["items"][1]["likeness"] == "like"
    assert body["spare"] == hill["spare"] + lake["spare"]


def test_pages_tile(client: FlaskClient) -> None:
    whole = client.get("/api/v1/duplicates").json
    pages = [client.get(f"/api/v1/duplicates?k=1&offset={offset}").json for offset in (0, 1, 2)]
    assert [page["groups"] for page in pages] == [*([group] for group in whole["groups"]), []]
    assert {(page["total"], page["spare"]) for page in pages} == {(2, whole["spare"])}


def test_filters_restrict(client: FlaskClient) -> None:
    assert client.get("/api/v1/duplicates?in=phone").json["total"] == 1
    assert client.get("/api/v1/duplicates?kind=text").json["groups"] == []


@pytest.mark.parametrize("asked", ["kind=smell", "k=0", "q=red", "offset=-1"])
def test_what_cannot_be_asked_is_refused(client: FlaskClient, asked: str) -> None:
    reply = client.get(f"/api/v1/duplicates?{asked}")
    assert reply.status_code == 400
    assert reply.json["errors"][0].startswith(asked.partition("=")[0]) or "kind" in asked
