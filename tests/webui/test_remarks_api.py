"""Changing what is said of items, and forgetting them, over HTTP."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.run import index
from retrieval import captioning
from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint
from tests.webui.conftest import app_of


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    paint(tmp_path / "media/a.png", "red")
    paint(tmp_path / "media/b.png", "blue")
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        index(library, [tmp_path / "media"])
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return app_of(library).test_client()


@pytest.fixture
def address(client: FlaskClient) -> str:
    hits = client.get("/api/v1/search?q=red").json["hits"]
    [number] = [hit["item"] for hit in hits if hit["path"].endswith("a.png")]
    return f"/api/v1/items/{number}"


def test_what_is_said_of_an_item_is_kept_told_and_found(client: FlaskClient, address: str) -> None:
    reply = client.patch(address, json={"favourite": True, "caption": "Zebras at noon"}).json
    told = {"ok": True, "item": reply["item"], "favourite": True, "caption": "Zebras at noon"}
    assert reply == told
    body = client.get(address).json
    assert (body["favourite"], body["caption"]) == (True, "Zebras at noon")
    assert [p["text"] for p in body["passages"] if p["by_user"]] == ["Zebras at noon"]
    hit = client.get("/api/v1/search?q=zebras").json["hits"][0]
    assert (hit["item"], hit["snippet"]) == (reply["item"], "Zebras at noon")
    assert hit["favourite"] is True
    assert client.patch(address, json={"favourite": False}).json == {**told, "favourite": False}
    assert client.patch(address, json={}).json["caption"] == "Zebras at noon"
    assert client.patch(address, json={"caption": ""}).json["caption"] == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "is:favourite"},
        {"q": "是:收藏"},
        {"favourite": "true"},
        {"q": "blue", "favourite": "true"},
    ],
)
def test_favourites_can_be_asked_for(
    client: FlaskClient, address: str, asked: dict[str, str]
) -> None:
    client.patch(address, json={"favourite": True})
    hits = client.get("/api/v1/search", query_string=asked).json["hits"]
    assert [Path(hit["path"]).name for hit in hits] == ["a.png"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"favourite": "yes"}, "favourite: "),
        ({"caption": "x" * 2001}, "caption: "),
        ({"caption": 3}, "caption: "),
        ({"stars": 3}, "stars: there is no such field"),
        ([], "query: "),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, address: str, body: Any, said: str
) -> None:
    reply = client.patch(address, json=body)
    assert reply.status_code == 400
    assert reply.json["error"].startswith(said)


def test_only_json_is_taken(client: FlaskClient, address: str) -> None:
    assert client.patch(address, data={"favourite": "true"}).status_code == 415


COMMANDS = re.findall(
    r"^curl .+", (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8"), re.M
)


def test_the_document_s_commands_work(client: FlaskClient, address: str) -> None:
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        _, *words = shlex.split(command.replace("/api/v1/items/12", address))
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        sent = words[words.index("--json") + 1] if "--json" in words else None
        [path] = [word.partition(":7117")[2] for word in words if ":7117" in word]
        reply = client.open(path, method=method, data=sent, content_type="application/json")
        assert reply.status_code == 200, command


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_is_not_there_is_not_found(client: FlaskClient, method: str) -> None:
    reply = client.open("/api/v1/items/999999", method=method, json={"favourite": True})
    assert reply.status_code == 404


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_page_of_another_site_can_change_nothing(
    client: FlaskClient, address: str, method: str
) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        reply = client.open(address, method=method, json={"caption": "x"}, headers=headers)
        assert reply.status_code == 403
    assert client.get(address).json["caption"] == ""


def test_a_file_is_forgotten_and_stays_on_the_disk(
    client: FlaskClient, library: Library, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "media/a.png"
    reply = client.delete(address).json
    assert reply == {"ok": True, "items": 1, "bytes": file.stat().st_size, "notice": ""}
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert index(library, [tmp_path / "media"]).added == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "another process reads it"), ("zh", "另一个进程一直在读取它。下次忘记别的内容时")],
)
def test_what_is_forgotten_while_somebody_reads_is_said_to_be_readable_yet(
    client: FlaskClient, library: Library, address: str, language: str, said: str
) -> None:
    with library.catalog.snapshot() as snapshot:
        assert list(snapshot.items())
        reply = client.delete(address, headers={"Accept-Language": language})
    assert reply.status_code == 200 and reply.json["items"] == 1
    assert said in reply.json["notice"]
    assert client.get(address).status_code == 404


def test_while_another_writes_only_favourites_change(
    client: FlaskClient, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captioning, "PATIENCE", 0.0)
    with Library.open(tmp_path / "library") as other, other.write():
        assert client.patch(address, json={"favourite": True}).status_code == 200
        for refused in (
            client.patch(address, json={"favourite": False, "caption": "x"}),
            client.delete(address),
        ):
            assert refused.status_code == 409
            assert "is writing to" in refused.json["error"]
    assert client.get(address).json["favourite"] is True
