"""A small library of every kind, and the application over it."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from indexer.run import bring_in, index
from retrieval.library import Library
from retrieval.speech.transcriber import Utterance
from tests.fakes import FakeEncoder, FakeTranscriber
from webui.app import create_app
from webui.token import Token

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SAID = (
    Utterance(0.0, 0.9, "the red boat came home", "en"),
    Utterance(0.9, 2.0, "and the lamp was lit", "en"),
)
PICTURES = {
    "red.png": ("red", (480, 320)),
    "blue.png": ("blue", (320, 480)),
    "trip/green.jpg": ((0, 160, 0), (640, 240)),
    "trip/yellow.webp": ("yellow", (300, 300)),
}
ENGLISH = "A red barn stood by the road.\n\n" + "It was built of oak and never painted again. " * 60
CHINESE = "山中有一座红房子。清晨我们沿着山路往上走，雾还没有散。"
HTML = "<!doctype html><title>Tide tables</title><p>High at noon.</p><script>alert(1)</script>"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name, (colour, size) in PICTURES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        Image.new("RGB", size, colour).save(file)
    (folder / "barn.txt").write_text(ENGLISH, "utf-8")
    (folder / "山居.txt").write_text(CHINESE, "utf-8")
    (folder / "tides.html").write_text(HTML, "utf-8")
    (folder / "talk.wav").write_bytes(tone(folder / "talk.wav", seconds=2))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut short")
    return folder


@pytest.fixture(scope="session")
def library(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    transcriber = FakeTranscriber(SAID)
    path = tmp_path_factory.mktemp("library")
    with Library.open(path, encoder=FakeEncoder(), transcriber=transcriber) as library:
        index(library, [folder], transcriber=transcriber)
        yield library


class Client(FlaskClient):
    """Reads each reply to its end, so that no file stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@contextmanager
def serving_media(folder: Path) -> Iterator[str]:
    """Index ``folder / "media"``, serve the page over it and give its address."""
    from tests.webui.browser import serving

    with Library.open(folder / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [folder / "media"])
        with serving(app_of(library)) as address:
            yield address


def app_of(library: Library, token: str | None = None) -> Flask:
    known = Token.of(token) if token else None
    app = create_app(library, token=known, indexer=bring_in)
    app.test_client_class = Client
    return app


@pytest.fixture(scope="session")
def app(library: Library) -> Flask:
    return app_of(library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def ids(app: Flask) -> dict[str, int]:
    """Each file's item, by its name."""
    hits = app.test_client().get("/api/v1/search?q=red&k=100").json["hits"]
    return {Path(hit["path"]).name: hit["item"] for hit in hits}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from tests.webui.browser import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    from tests.webui.browser import serving

    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page that the tests of a module share, where each begins with an address."""
    from tests.webui.browser import watched

    with watched(browser, address) as page:
        yield page


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    from tests.webui.browser import watched

    with watched(browser, address) as page:
        yield page


def tone(file: Path, seconds: float) -> bytes:
    rate = 16_000
    samples = [int(9000 * math.sin(i / 9)) for i in range(int(rate * seconds))]
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.read_bytes()
