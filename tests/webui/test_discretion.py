"""No error says where on the machine something lies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

import retrieval
from indexer.run import index
from retrieval.catalog.records import FoundFile
from retrieval.decode.pictures import open_picture
from retrieval.disk import room_in
from retrieval.encoders.builtin import FOLDER, BuiltinEncoder
from retrieval.encoders.openclip.directory import read
from retrieval.encoders.registry import load_encoder
from retrieval.library import Library
from retrieval.speech.models import locate_speech_model
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.webui.conftest import app_of
from tests.webui.test_jobs import followed
from webui.discretion import Discretion

PACKAGES = Path(retrieval.__file__).parent.parent
BROKEN = b"\xff\xd8\xff\xe0 cut short"


class Renamed(FakeEncoder):
    """Compares with no other."""

    fingerprint = "fake-2"


@contextmanager
def at_home(home: Path) -> Iterator[Library]:
    """Index some photos in a place whose name is nobody's business."""
    photos = home / "My photos"
    (photos / "2024 (May)").mkdir(parents=True)
    Image.new("RGB", (64, 64), "red").save(photos / "2024 (May)/red.png")
    Image.new("RGB", (64, 64), "blue").save(photos / "blue.png")
    (photos / "bad.jpg").write_bytes(BROKEN)
    with Library.open(home / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [photos])
        yield library


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "Ann (Lee), private diary of mine"


@pytest.fixture(scope="module")
def library(home: Path) -> Iterator[Library]:
    with at_home(home) as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return app_of(library).test_client()


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Library]:
    """Give a library of a test's own, whose files it may damage."""
    with at_home(tmp_path / "Ann Lee") as library:
        yield library


def item_of(client: FlaskClient, name: str) -> str:
    hits = client.get("/api/v1/search?q=red").json["hits"]
    [number] = [hit["item"] for hit in hits if Path(hit["path"]).name == name]
    return f"/api/v1/items/{number}"


def is_discreet(text: str, home: Path) -> bool:
    return not any(part in text for part in (str(home), home.name, str(PACKAGES), "site-packages"))


def be_full(home: Path) -> None:
    with room_in(home / "library"):
        raise OSError(ENOSPC, "No space left on device", str(home / "library/catalog.sqlite"))


def be_torn(home: Path) -> None:
    (home / "torn").mkdir(exist_ok=True)
    (home / "torn/catalog.sqlite").write_bytes(b"no catalog" * 99)
    Library.open_existing(home / "torn")


FAULTS: dict[str, Callable[[Path], object]] = {
    "no library": lambda home: Library.open_existing(home / "nowhere"),
    "no directory": lambda home: Library.open(home / "My photos/blue.png/library"),
    "no catalog": be_torn,
    "another encoder": lambda home: Library.open(home / "library", Renamed()),
    "no room": be_full,
    "no weights": lambda _: BuiltinEncoder(FOLDER / "gone"),
    "no model": lambda home: read(home / "models/clip"),
    "no trained model": lambda home: load_encoder(str(home / "models/mine")),
    "no speech model": lambda home: locate_speech_model(str(home / "My photos")),
    "no picture": lambda home: open_picture(home / "My photos/bad.jpg"),
    "no file": lambda home: open_picture(home / "elsewhere/gone.jpg"),
}


@pytest.mark.parametrize("address", ["/api/v1/search?q=red", "/knn-service"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_without_the_place(
    client: FlaskClient,
    library: Library,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    address: str,
) -> None:
    said: list[str] = []

    def fail(*_: object) -> None:
        try:
            FAULTS[fault](home)
        except Exception as error:
            said.append(str(error))
            raise

    monkeypatch.setattr(library, "search", fail)
    send = client.get if "?" in address else client.post
    reply = send(address, data=None if "?" in address else b'{"text": "red", "num_images": 1}')
    assert not is_discreet(said[0], home)
    assert reply.status_code in {409, 422, 503}
    assert is_discreet(reply.text, home)
    assert len(reply.json["error"]) > 20


def test_of_a_file_that_was_damaged_the_name_within_its_folder_is_told(fragile: Library) -> None:
    client, home = app_of(fragile).test_client(), fragile.path.parent
    item = item_of(client, "red.png")
    (home / "My photos/2024 (May)/red.png").write_bytes(BROKEN)
    for view in ("preview", "explain?q=red"):
        reply = client.get(f"{item}/{view}")
        assert reply.status_code == 422
        assert is_discreet(reply.text, home)
        assert reply.json["error"].startswith("My photos/2024 (May)/red.png: ")


def test_of_a_file_that_is_gone_the_name_within_its_folder_is_told(fragile: Library) -> None:
    client, home = app_of(fragile).test_client(), fragile.path.parent
    item = item_of(client, "blue.png")
    (home / "My photos/blue.png").unlink()
    for view in ("explain?q=blue", "media", "preview"):
        reply = client.get(f"{item}/{view}")
        assert reply.status_code == 404
        assert is_discreet(reply.text, home)
    error = client.get(f"{item}/explain?q=blue").json["error"]
    assert error == "My photos/blue.png is no longer there; index its folder again."


def test_a_run_says_neither_of_its_troubles_nor_of_failures_where_they_are(
    fragile: Library,
) -> None:
    client, home = app_of(fragile).test_client(), fragile.path.parent
    (home / "My photos/worse.jpg").write_bytes(BROKEN)
    last = followed(client, client.post("/api/v1/jobs", json={}).json["job"])[-1]
    assert "worse.jpg" in str(last["failures"])
    with Library.open(fragile.path, FakeEncoder()) as other, other.write():
        last = followed(client, client.post("/api/v1/jobs", json={}).json["job"])[-1]
    assert last["state"] == "failed"
    assert "is writing to library. " in str(last["error"])
    assert is_discreet(f"{last['error']} {last['notes']}", home)


def test_what_could_not_be_read_is_told_with_reasons_that_name_no_place(fragile: Library) -> None:
    home = fragile.path.parent
    with fragile.write() as writer:
        root = writer.root(home / "My photos")
        found = FoundFile("bad.jpg", 1, 1)
        writer.fail(root, found, f"holds what is in {home}/elsewhere/b.jpg: torn")
    [failure] = app_of(fragile).test_client().get("/api/v1/stats").json["failures"]
    assert failure["path"] == str(home / "My photos/bad.jpg")
    assert failure["reason"] == "holds what is in b.jpg: torn"


def test_whoever_has_no_token_is_not_told_either(
    library: Library, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "info", lambda: be_full(home))
    reply = app_of(library, token="a-token-that-is-long").test_client().get("/readyz")
    assert reply.status_code == 503
    assert is_discreet(reply.text, home)


def test_the_page_of_an_error_does_not_say_it_and_the_log_does(
    library: Library,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("webui.pages.render_template", lambda _: be_full(home))
    with caplog.at_level(logging.ERROR, "webui.errors"):
        reply = app_of(library).test_client().get("/map")
    assert (reply.status_code, reply.mimetype) == (503, "text/html")
    assert "no room left" in reply.text
    assert is_discreet(reply.text, home)
    assert str(home) in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{home}/My photos/2024 (May)/a.jpg: torn", "My photos/2024 (May)/a.jpg: torn"),
        ("No such file: '{home}/other (2)/b, c.jpg'", "No such file: 'b, c.jpg'"),
        ("openclip:local-dir:/mnt/models/clip is bad", "openclip:local-dir:clip is bad"),
        ("{packages}/retrieval/encoders/x.onnx", "retrieval/encoders/x.onnx"),
        ("the disk of {home}/library. Delete", "the disk of library. Delete"),
        ("{home}/libretto of mine/x.jpg: torn", "x.jpg: torn"),
        ("sqlite:///{home}/library/catalog.sqlite", "sqlite:///library/catalog.sqlite"),
        ("file:///mnt/models/clip", "file:clip"),
        ('No such file: "/srv/St. Mary\'s (old)/x"', 'No such file: "x"'),
        ("see /api/, /api/v1/jobs or /sign-in/ now", None),
        ("see https://a.org/b/c and/or image/png, 2/3", None),
        ("kind: image / text", None),
    ],
)
def test_messages_stay_of_use(library: Library, home: Path, text: str, said: str | None) -> None:
    text = text.format(home=home, packages=PACKAGES)
    assert Discretion(library).say(text) == (text if said is None else said)


def test_a_library_that_cannot_be_read_is_spoken_of_all_the_same(fragile: Library) -> None:
    home = fragile.path.parent
    fragile.close()
    for file in fragile.path.glob("catalog.sqlite*"):
        file.write_bytes(b"no catalog" * 999)
    said = Discretion(fragile).say(f"{home}/My photos/a.jpg: torn; see {home}/library")
    assert said == "a.jpg: torn; see library"
