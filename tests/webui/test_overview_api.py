"""What the page about the library asks for beside ``/api/v1/stats``."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.webui.conftest import app_of
from webui.overview import FoldersReply


def test_a_timeline_counts_items_by_month(client: FlaskClient) -> None:
    reply = client.get("/api/v1/timeline").json
    assert reply["ok"]
    [month] = reply["months"]
    assert month["items"] == {"image": 4, "text": 3, "audio": 1}
    assert datetime.strptime(month["month"], "%Y-%m") <= datetime.now()


def test_a_timeline_takes_the_filters_of_a_search(client: FlaskClient) -> None:
    reply = client.get("/api/v1/timeline?kind=image,text&in=trip").json
    assert [month["items"] for month in reply["months"]] == [{"image": 2}]
    assert client.get("/api/v1/timeline?kind=&before=2001-01-01").json["months"] == []


def test_a_timeline_heeds_the_filters_of_a_line(client: FlaskClient) -> None:
    reply = client.get("/api/v1/timeline?q=lamp kind:image&q=in:trip&kind=image,text").json
    assert reply == client.get("/api/v1/timeline?kind=image&in=trip").json
    assert client.get("/api/v1/timeline?q=a lamp").json == client.get("/api/v1/timeline").json


def test_a_timeline_refuses_what_it_does_not_know(client: FlaskClient) -> None:
    for fields in ("kind=smell", "after=yesterday", "words=red"):
        reply = client.get(f"/api/v1/timeline?{fields}")
        assert reply.status_code == 400
        assert reply.json["errors"][0].startswith(fields.partition("=")[0])


def test_holdings_name_folders_and_bytes(client: FlaskClient, folder: Path) -> None:
    reply = client.get("/api/v1/holdings").json
    assert reply["folders"] == [{"path": str(folder), "items": 8, "offline": False}]
    assert reply["media"].keys() == {"image", "text", "audio"}
    assert reply["media"]["audio"] == (folder / "talk.wav").stat().st_size
    assert reply["disk"].keys() == {"catalog", "vectors", "thumbnails", "rest", "free"}
    assert min(reply["disk"][part] for part in ("catalog", "vectors", "thumbnails", "free")) > 0
    assert datetime.fromisoformat(reply["changed_at"]) <= datetime.now().astimezone()


def test_folders_are_named_as_a_filter_takes_them(client: FlaskClient, folder: Path) -> None:
    reply = client.get("/api/v1/folders").json
    inner = f"{folder.name}/trip"
    assert reply["folders"] == [{"path": folder.name, "items": 8}, {"path": inner, "items": 2}]
    for named in reply["folders"]:
        found = client.get("/api/v1/search", query_string={"in": named["path"]}).json
        assert found["total"] == named["items"]


def test_of_many_folders_the_fullest_are_named() -> None:
    counted = Counter({f"media/{n:04}": n for n in range(1, 700)})
    named = FoldersReply.of(counted).folders
    assert [folder.path for folder in named] == [f"media/{n:04}" for n in range(200, 700)]


def test_a_folder_out_of_reach_is_said_to_be(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (40, 40), "red").save(media / "red.png")
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [media])
        shutil.move(media, tmp_path / "elsewhere")
        reply = app_of(library).test_client().get("/api/v1/holdings").json
    assert reply["folders"] == [{"path": str(media), "items": 1, "offline": True}]
