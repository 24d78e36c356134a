"""The indexer at the server's hand: begun, watched, stopped, and never over foreign folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from flask.testing import FlaskClient
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.webui.conftest import app_of
from webui.indexing import jobs_of


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "trip").mkdir(parents=True)
    Image.new("RGB", (8, 8), "red").save(folder / "red.png")
    return folder


@pytest.fixture
def holding(media: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [media])
        yield library


@pytest.fixture
def asking(holding: Library) -> Iterator[FlaskClient]:
    app = app_of(holding)
    yield app.test_client()
    jobs_of(app).close()


def followed(client: FlaskClient, job: int) -> list[dict[str, object]]:
    """Watch a run to its end."""
    text = client.get(f"/api/v1/jobs/{job}/events").text
    return [json.loads(event.removeprefix("data: ")) for event in text.split("\n\n") if event]


def test_a_run_finds_what_is_new_and_tells_how_it_ended(asking: FlaskClient, media: Path) -> None:
    Image.new("RGB", (8, 8), "blue").save(media / "trip" / "blue.png")
    (media / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut short")
    begun = asking.post("/api/v1/jobs", json={})
    assert begun.status_code == 202
    address = begun.headers["Location"]
    last = followed(asking, begun.json["job"])[-1]
    assert (last["state"], last["added"], last["unchanged"]) == ("done", 1, 1)
    assert last["done"] == last["steps"] >= 2
    assert [Path(str(f["path"])).name for f in last["failures"]] == ["bad.jpg"]
    assert asking.get(address).json == {**last, "ok": True}
    assert asking.get("/api/v1/jobs").json["jobs"] == [last]
    assert asking.get("/api/v1/search?q=blue").json["total"] == 2


def test_a_run_over_a_folder_looks_at_nothing_else(asking: FlaskClient, media: Path) -> None:
    for name in ("trip/blue.png", "green.png"):
        Image.new("RGB", (8, 8), Path(name).stem).save(media / name)
    begun = asking.post("/api/v1/jobs", json={"folder": str(media / "trip")})
    assert followed(asking, begun.json["job"])[-1]["added"] == 1
    assert begun.json["folders"] == [str(media / "trip")]


@pytest.mark.parametrize("folder", ["/", "/etc", "..", "no such", "\x00", "{media}/../.."])
def test_no_other_folder_is_indexed(asking: FlaskClient, media: Path, folder: str) -> None:
    reply = asking.post("/api/v1/jobs", json={"folder": folder.format(media=media)})
    assert reply.status_code == 400
    assert "folder: " in reply.json["error"]


def test_a_link_out_of_an_indexed_folder_leads_nowhere(
    asking: FlaskClient, media: Path, tmp_path: Path
) -> None:
    (tmp_path / "private").mkdir()
    (media / "out").symlink_to(tmp_path / "private")
    reply = asking.post("/api/v1/jobs", json={"folder": str(media / "out")})
    assert reply.status_code == 400


def test_one_run_at_a_time_and_it_can_be_stopped(
    asking: FlaskClient, holding: Library, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(media / f"{number}.png")
    reached, go_on = Event(), Event()
    encode = holding.encoder.encode_images

    def slow(images: list[Image.Image]) -> object:
        reached.set()
        assert go_on.wait(10)
        return encode(images)

    monkeypatch.setattr(holding.encoder, "encode_images", slow)
    job = asking.post("/api/v1/jobs", json={}).json["job"]
    assert reached.wait(10)
    refused = asking.post("/api/v1/jobs", json={})
    assert refused.status_code == 409
    assert f"Run {job}" in refused.json["error"]
    assert asking.post(f"/api/v1/jobs/{job}/stop").json["state"] == "running"
    go_on.set()
    assert followed(asking, job)[-1]["state"] == "stopped"
    again = asking.post("/api/v1/jobs", json={}).json["job"]
    last = followed(asking, again)[-1]
    assert (last["state"], last["added"] + last["unchanged"]) == ("done", 6)


def test_a_run_that_cannot_write_says_why(asking: FlaskClient, holding: Library) -> None:
    with Library.open(holding.path, FakeEncoder()) as other, other.write():
        job = asking.post("/api/v1/jobs", json={}).json["job"]
        last = followed(asking, job)[-1]
    assert last["state"] == "failed"
    assert "writ" in str(last["error"])


def test_a_run_that_breaks_is_logged_and_told(
    asking: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("indexer.run.Run.bring_in", fail)
    job = asking.post("/api/v1/jobs", json={}).json["job"]
    last = followed(asking, job)[-1]
    assert last["state"] == "failed"
    assert "a fault" not in str(last["error"])
    assert "a fault" in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/jobs/9", "/api/v1/jobs/9/events"])
def test_a_run_that_never_was_is_not_found(asking: FlaskClient, path: str) -> None:
    assert asking.get(path).status_code == 404
