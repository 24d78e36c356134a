"""Pictures that browsers cannot show, and what cameras say of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, expect

from indexer.run import index
from retrieval.library import Library
from tests.decode.test_camera import BERN, exif
from tests.decode.test_formats import heic
from tests.fakes import FakeEncoder
from tests.webui.browser import picture_of, serving, watched
from tests.webui.conftest import app_of


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("media")
    fields = exif("2021:05:03 10:20:30", "Canon", "Canon EOS R5", BERN).tobytes()
    red = Image.new("RGB", (2400, 1600), "red")
    (folder / "red.heic").write_bytes(heic(red, exif=fields))
    red.save(folder / "red.tif")
    red.crop((0, 0, 9, 9)).save(folder / "gone.tif")
    Image.new("RGB", (60, 40), "green").save(folder / "green.png")
    (folder / "note.txt").write_text("a note")
    with Library.open(tmp_path_factory.mktemp("library"), FakeEncoder()) as opened:
        assert not index(opened, [folder]).failures
        yield opened


@pytest.fixture(scope="module")
def client(library: Library) -> FlaskClient:
    return app_of(library).test_client()


@pytest.fixture(scope="module")
def ids(client: FlaskClient) -> dict[str, int]:
    hits = client.get("/api/v1/search?q=red").json["hits"]
    return {Path(hit["path"]).name: hit["item"] for hit in hits}


@pytest.mark.parametrize("name", ["red.heic", "red.tif"])
def test_what_a_browser_cannot_show_has_a_preview(
    client: FlaskClient, ids: dict[str, int], name: str
) -> None:
    item = client.get(f"/api/v1/items/{ids[name]}").json
    assert item["preview"] != item["media"]
    reply = client.get(item["preview"])
    assert reply.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(reply.data)).size == (1620, 1080)
    assert "max-age=31536000" in reply.headers["Cache-Control"]
    again = client.get(item["preview"], headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_a_browser_shows_is_shown_as_it_is(client: FlaskClient, ids: dict[str, int]) -> None:
    item = client.get(f"/api/v1/items/{ids['green.png']}").json
    assert item["preview"] == item["media"]


def test_other_kinds_have_no_preview(client: FlaskClient, ids: dict[str, int]) -> None:
    assert client.get(f"/api/v1/items/{ids['note.txt']}").json["preview"] is None
    reply = client.get(f"/api/v1/items/{ids['note.txt']}/preview")
    assert reply.status_code == 404 and "no picture" in reply.json["error"]


def test_a_preview_of_a_file_that_is_gone_is_not_found(
    client: FlaskClient, ids: dict[str, int], library: Library
) -> None:
    library.item(ids["gone.tif"]).file.unlink()
    reply = client.get(f"/api/v1/items/{ids['gone.tif']}/preview")
    assert reply.status_code == 404 and "no longer there" in reply.json["error"]


def test_the_detail_view_shows_the_preview_and_what_the_camera_said(
    library: Library, ids: dict[str, int], browser: Browser
) -> None:
    with serving(app_of(library)) as address, watched(browser, address) as page:
        page.goto(f"/?q=red&item={ids['red.heic']}")
        image = page.locator("#stage img")
        expect(image).to_have_js_property("complete", True, timeout=30_000)
        assert image.evaluate("image => image.naturalHeight") == 1080
        expect(page.locator("#facts dd.camera")).to_have_text("Canon EOS R5")
        expect(page.locator("#facts dd.place")).to_have_text("46.94800° N, 7.44740° E")
        picture_of(page, "detail-preview")
