"""The map as the API gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from flask.testing import FlaskClient

from retrieval.library import Library
from retrieval.media import Kind
from tests.fakes import FakeEncoder
from tests.shelf import new, put, random_vectors
from tests.webui.conftest import app_of


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Library]:
    rows = random_vectors(9)
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        put(library, tmp_path / "media", *(new(f"{i}.jpg", row) for i, row in enumerate(rows[:6])))
        texts = (new(f"{i}.txt", row, Kind.TEXT, ["words"]) for i, row in enumerate(rows[6:]))
        put(library, tmp_path / "media", *texts)
        yield library


@pytest.fixture
def asking(held: Library) -> FlaskClient:
    return app_of(held).test_client()


def test_the_first_to_ask_are_told_to_wait(asking: FlaskClient) -> None:
    for _ in range(2):
        reply = asking.get("/api/v1/map")
        assert reply.status_code == 202
        assert int(reply.headers["Retry-After"]) > 0
        waiting = {"ok": True, "drawn": False, "current": False, "total": 9, "places": []}
        assert reply.json == waiting


def test_every_item_has_a_place(asking: FlaskClient, held: Library) -> None:
    while (reply := asking.get("/api/v1/map")).status_code == 202:
        sleep(0.05)
    assert reply.status_code == 200
    assert reply.json["drawn"]
    assert reply.json["current"]
    pictures, texts = reply.json["places"]
    assert (pictures["kind"], texts["kind"]) == ("image", "text")
    for column, kind in ((pictures, Kind.IMAGE), (texts, Kind.TEXT)):
        assert len(column["items"]) == len(column["x"]) == len(column["y"])
        assert {held.item(number).content.kind for number in column["items"]} == {kind}
        assert all(0 <= place <= 1 for place in column["x"] + column["y"])
    assert len(pictures["items"]) == 6
    assert len(texts["items"]) == 3


def test_what_has_gone_since_is_no_longer_on_it(
    asking: FlaskClient, held: Library, tmp_path: Path
) -> None:
    while asking.get("/api/v1/map").status_code == 202:
        sleep(0.05)
    with held.write() as writer:
        writer.retire(writer.root(tmp_path / "media"), ["0.jpg", "1.txt"])
    reply = asking.get("/api/v1/map").json
    assert [len(column["items"]) for column in reply["places"]] == [5, 2]
    assert reply["total"] == 7
    assert reply["drawn"]
    assert not reply["current"]
