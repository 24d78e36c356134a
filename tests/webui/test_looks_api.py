"""The pictures of what was found: a moment of a film, a page, a frame."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.decode.test_frames import moving
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.films import film
from tests.indexer.papers import picture, print_plates, write_letter
from tests.webui.conftest import app_of

SHEET = (240, 160)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make files that show several things, of which the first is never blue."""
    place = tmp_path_factory.mktemp("whole")
    media = place / "media"
    media.mkdir()
    film(media / "film.mkv", ["red", "red", "blue"], seconds=2.0, tone=True)
    pages = [Image.new("RGB", SHEET, name) for name in ("red", "white", "blue")]
    pages[0].save(media / "scan.tif", save_all=True, append_images=pages[1:])
    (media / "moving.gif").write_bytes(moving("GIF", ["red", "blue"]))
    print_plates(media / "plan.pdf", ("Words.", []), ("More words.", [picture("blue", 1200, 300)]))
    write_letter(media / "letter.docx", "Words.", pictures=[picture("blue")])
    Image.new("RGB", SHEET, (20, 20, 200)).save(media / "blue.png")
    return place


@pytest.fixture(scope="module")
def client(whole: Path) -> Iterator[FlaskClient]:
    with Library.open(whole / "library", FakeEncoder(), FakeTranscriber()) as library:
        assert index(library, [whole / "media"]).failures == ()
        yield app_of(library).test_client()


@pytest.fixture
def folder(whole: Path) -> Iterator[Path]:
    """Give the files to be changed, which are put back as they were."""
    media = whole / "media"
    aside = shutil.copytree(media, whole / "aside")
    yield media
    shutil.rmtree(media, ignore_errors=True)
    aside.rename(media)


def found(client: FlaskClient, name: str, words: str = "blue") -> dict[str, Any]:
    hits = client.get(f"/api/v1/search?q={words}&fold=false&k=50").json["hits"]
    return next(hit for hit in hits if Path(hit["path"]).name == name)


def seen(client: FlaskClient, address: str) -> Image.Image:
    reply = client.get(address)
    assert (reply.status_code, reply.mimetype) == (200, "image/jpeg"), reply.data
    return Image.open(io.BytesIO(reply.data)).convert("RGB")


def is_blue(image: Image.Image) -> bool:
    red, green, blue = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return bool(blue > red + 8 and blue > green + 8)


@pytest.mark.parametrize("name", ["film.mkv", "scan.tif", "moving.gif", "plan.pdf"])
def test_a_hit_s_thumbnail_shows_what_was_found(client: FlaskClient, name: str) -> None:
    hit = found(client, name)
    small = seen(client, hit["thumbnail"])
    assert is_blue(small) and max(small.size) <= 480
    item = client.get(f"/api/v1/items/{hit['item']}").json
    assert "passage=" in hit["thumbnail"] and "passage=" not in item["thumbnail"]
    assert not is_blue(seen(client, item["thumbnail"]))


def test_what_is_said_in_a_film_shows_what_is_seen_meanwhile(client: FlaskClient) -> None:
    hit = found(client, "film.mkv", "recording of 6 seconds")
    assert hit["snippet"] and "passage=" in hit["thumbnail"]
    assert not is_blue(seen(client, hit["thumbnail"]))


@pytest.mark.parametrize("name", ["letter.docx", "blue.png"])
def test_what_looks_like_its_item_or_is_not_drawn_again_has_its_thumbnail(
    client: FlaskClient, name: str
) -> None:
    assert "passage=" not in found(client, name)["thumbnail"]


def test_the_first_page_is_the_thumbnail(client: FlaskClient) -> None:
    assert "passage=" not in found(client, "scan.tif", "red")["thumbnail"]


def test_the_page_that_was_found_has_a_large_preview(client: FlaskClient) -> None:
    hit = found(client, "scan.tif")
    item = client.get(f"/api/v1/items/{hit['item']}").json
    large = seen(client, f"{item['preview']}&passage={hit['passage']}")
    assert is_blue(large) and large.size == SHEET
    assert not is_blue(seen(client, item["preview"]))


def test_a_browser_keeps_it_for_long_and_asks_for_it_once(client: FlaskClient) -> None:
    hit = found(client, "film.mkv")
    reply = client.get(hit["thumbnail"])
    assert "max-age=31536000" in reply.headers["Cache-Control"]
    again = client.get(hit["thumbnail"], headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    scan = client.get(found(client, "scan.tif")["thumbnail"])
    assert scan.headers["ETag"] != reply.headers["ETag"]


def test_moments_of_a_film_have_tags_of_their_own(client: FlaskClient) -> None:
    tags = {
        client.get(found(client, "film.mkv", colour)["thumbnail"]).headers["ETag"]
        for colour in ("red", "blue")
    }
    assert len(tags) == 2


def test_of_a_file_that_changed_since_nothing_is_kept_for_long(
    client: FlaskClient, folder: Path
) -> None:
    hit = found(client, "scan.tif")
    before = client.get(hit["thumbnail"]).headers["ETag"]
    os.utime(folder / "scan.tif", (1, 1))
    reply = client.get(hit["thumbnail"], headers={"If-None-Match": before})
    assert reply.status_code == 200 and "max-age=300" in reply.headers["Cache-Control"]


@pytest.mark.parametrize("damaged", [False, True])
def test_of_a_file_that_cannot_be_read_the_item_s_thumbnail_is_shown_for_now(
    client: FlaskClient, folder: Path, damaged: bool
) -> None:
    hit = found(client, "film.mkv")
    if damaged:
        (folder / "film.mkv").write_bytes(b"torn")
    else:
        shutil.rmtree(folder)
    reply = client.get(hit["thumbnail"])
    assert not is_blue(seen(client, hit["thumbnail"]))
    assert "max-age=300" in reply.headers["Cache-Control"]


@pytest.mark.parametrize("part", ["thumbnail", "preview"])
def test_only_an_item_s_own_passages_can_be_asked_for(client: FlaskClient, part: str) -> None:
    film, scan = found(client, "film.mkv"), found(client, "scan.tif")
    address = f"/api/v1/items/{scan['item']}/{part}?passage="
    for number in (film["passage"], 0, 10**17):
        reply = client.get(f"{address}{number}")
        assert reply.status_code == 404 and "has no passage" in reply.json["error"]
    for number in ("", "-1", "x", "9" * 40, "²"):
        reply = client.get(f"{address}{number}")
        assert reply.status_code == 400 and reply.json["error"].startswith("passage: ")
