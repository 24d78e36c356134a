from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.webui.conftest import CHINESE, HTML, SAID, app_of


def test_a_picture_is_described(client: FlaskClient, ids: dict[str, int]) -> None:
    body = client.get(f"/api/v1/items/{ids['green.jpg']}").json
    assert (body["ok"], body["kind"], body["name"]) == (True, "image", "green.jpg")
    assert (body["width"], body["height"], body["mime"]) == (640, 240, "image/jpeg")
    assert body["passages_total"] == 1


def test_a_document_has_its_words(client: FlaskClient, ids: dict[str, int]) -> None:
    body = client.get(f"/api/v1/items/{ids['山居.txt']}").json
    assert "".join(passage["text"] for passage in body["passages"]) == CHINESE


def test_a_recording_has_its_transcript(client: FlaskClient, ids: dict[str, int]) -> None:
    passages = client.get(f"/api/v1/items/{ids['talk.wav']}").json["passages"]
    assert " ".join(p["text"] for p in passages) == " ".join(u.text for u in SAID)
    assert passages[0]["start"] == 0.0
    assert passages[-1]["end"] == 2.0


def test_the_places_of_an_item_are_described_as_hits_are(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    hits = client.get("/api/v1/search?q=red+barn").json["hits"]
    [hit] = [hit for hit in hits if hit["item"] == ids["barn.txt"]]
    address = f"/api/v1/items/{ids['barn.txt']}/places"
    body = client.get(f"{address}?q=red+barn&k=1000").json
    assert body["total"] == len(body["places"]) == hit["passages"]
    assert {place["item"] for place in body["places"]} == {hit["item"]}
    assert {place["score"] for place in body["places"]} == {None}
    posted = client.post(address, json={"q": "red barn", "k": 1}).json
    assert (posted["total"], len(posted["places"])) == (body["total"], 1)
    assert client.get("/api/v1/items/999/places?q=red").status_code == 404


def test_a_long_document_comes_in_stretches(client: FlaskClient, ids: dict[str, int]) -> None:
    address = f"/api/v1/items/{ids['barn.txt']}"
    whole = client.get(address).json["passages"]
    assert len(whole) > 3
    first = client.get(f"{address}?limit=2").json
    assert first["passages"] == whole[:2]
    assert first["passages_total"] == len(whole)
    rest = client.get(f"{address}?offset=2").json
    assert (rest["passages"], rest["passages_offset"]) == (whole[2:], 2)
    around = client.get(f"{address}?around={whole[3]['passage']}&limit=2").json
    assert whole[3] in around["passages"]


def test_a_document_s_words_are_marked(client: FlaskClient, ids: dict[str, int]) -> None:
    address = f"/api/v1/items/{ids['barn.txt']}"
    lines = ["painting -oak kind:image", '"red barn"']
    passages = client.get(address, query_string={"q": lines}).json["passages"]
    marked = {p["text"][start:end] for p in passages for start, end in p["marks"]}
    assert marked == {"red", "barn", "painted"}
    assert {len(p["marks"]) for p in client.get(address).json["passages"]} == {0}


@pytest.mark.parametrize("query", ["limit=x", "limit=99999", "offset=-1", "around=" + "9" * 5000])
def test_a_bad_stretch_is_refused(client: FlaskClient, ids: dict[str, int], query: str) -> None:
    reply = client.get(f"/api/v1/items/{ids['barn.txt']}?{query}")
    assert reply.status_code == 400
    assert reply.json["error"].startswith(query.partition("=")[0])


@pytest.mark.parametrize("number", ["999999", "0", "9" * 18, "9" * 30, "9" * 5000, "-1", "x"])
@pytest.mark.parametrize("part", ["", "/thumbnail", "/media", "/similar"])
def test_an_unknown_item_is_not_found(client: FlaskClient, number: str, part: str) -> None:
    reply = client.get(f"/api/v1/items/{number}{part}")
    assert reply.status_code == 404
    assert reply.json["status"] == 404


def test_a_thumbnail_is_kept_by_its_content(client: FlaskClient, ids: dict[str, int]) -> None:
    address = f"/api/v1/items/{ids['red.png']}/thumbnail"
    reply = client.get(address)
    assert reply.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(reply.data)).size[0] > 0
    assert "private" in reply.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    content = reply.headers["ETag"].strip('"')
    assert "max-age=31536000" in client.get(f"{address}?v={content[:12]}").headers["Cache-Control"]


def test_a_recording_has_no_thumbnail(client: FlaskClient, ids: dict[str, int]) -> None:
    reply = client.get(f"/api/v1/items/{ids['talk.wav']}/thumbnail")
    assert reply.status_code == 404
    assert "no thumbnail" in reply.json["error"]


def test_media_is_the_file(client: FlaskClient, ids: dict[str, int], folder: Path) -> None:
    reply = client.get(f"/api/v1/items/{ids['red.png']}/media")
    assert reply.data == (folder / "red.png").read_bytes()
    assert reply.mimetype == "image/png"
    assert reply.headers["Content-Disposition"] == "inline; filename=red.png"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    since = {"If-None-Match": reply.headers["ETag"]}
    assert client.get(reply.request.path, headers=since).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "first", "length"),
    [
        ("bytes=0-99", 206, 0, 100),
        ("bytes=100-", 206, 100, None),
        ("bytes=-50", 206, -50, 50),
        ("bytes=999999999-", 416, 0, None),
    ],
)
def test_media_in_ranges(
    client: FlaskClient,
    ids: dict[str, int],
    folder: Path,
    asked: str,
    status: int,
    first: int,
    length: int | None,
) -> None:
    whole = (folder / "talk.wav").read_bytes()
    reply = client.get(f"/api/v1/items/{ids['talk.wav']}/media", headers={"Range": asked})
    assert reply.status_code == status
    if status == 416:
        assert reply.headers["Content-Range"] == f"bytes */{len(whole)}"
        assert reply.json["status"] == 416
        return
    start = first % len(whole)
    stop = len(whole) if length is None else start + length
    assert reply.data == whole[start:stop]
    assert reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"


def test_html_is_never_run(client: FlaskClient, ids: dict[str, int]) -> None:
    reply = client.get(f"/api/v1/items/{ids['tides.html']}/media")
    assert reply.text == HTML
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_chinese_name_travels(client: FlaskClient, ids: dict[str, int]) -> None:
    reply = client.get(f"/api/v1/items/{ids['山居.txt']}/media")
    assert "filename*=UTF-8''%E5%B1%B1%E5%B1%85.txt" in reply.headers["Content-Disposition"]
    assert reply.text == CHINESE


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[tuple[FlaskClient, Path]]:
    """Open a library whose folder a test may change."""
    folder = tmp_path / "media"
    folder.mkdir()
    with Library.open(tmp_path / "library", encoder=FakeEncoder()) as library:
        (folder / "old.txt").write_bytes("旧文件的内容，从前写下的。".encode("gb18030") * 20)
        Image.new("RGB", (40, 30), "red").save(folder / "red.png")
        index(library, [folder])
        yield app_of(library).test_client(), folder


def item_of(client: FlaskClient, name: str) -> int:
    hits = client.get("/api/v1/search?q=red").json["hits"]
    return next(hit["item"] for hit in hits if hit["path"].endswith(name))


def test_a_file_that_is_gone_is_not_found(changing: tuple[FlaskClient, Path]) -> None:
    client, folder = changing
    number = item_of(client, "red.png")
    shutil.rmtree(folder)
    reply = client.get(f"/api/v1/items/{number}/media")
    assert reply.status_code == 404
    assert "no longer there" in reply.json["error"]
    assert client.get(f"/api/v1/items/{number}").status_code == 200


def test_text_in_an_older_encoding_is_not_called_utf8(changing: tuple[FlaskClient, Path]) -> None:
    client, _ = changing
    reply = client.get(f"/api/v1/items/{item_of(client, 'old.txt')}/media")
    assert reply.headers["Content-Type"] == "text/plain"
