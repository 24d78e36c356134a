"""Whoever sends many files does not stop all others."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from PIL import Image

from retrieval.decode.decoder import Here
from retrieval.decode.pictures import SHORT_SIDE, Picture
from retrieval.library import Library
from tests.webui.conftest import app_of
from webui.current import attach
from webui.gate import Gate


class Slow(Here):
    """Waits before it decodes."""

    def __init__(self, wait: Callable[[], object]) -> None:
        self._wait = wait

    def open_picture(self, source: Path | bytes, short_side: int = SHORT_SIDE) -> Picture:
        self._wait()
        return super().open_picture(source, short_side)


def gated(library: Library, wait: Callable[[], object], patience: float) -> Flask:
    app = app_of(library)
    attach(app, library, Gate(Slow(wait), 2, patience))
    return app


def upload(pictures: int = 1) -> dict[str, object]:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    files = [(io.BytesIO(stream.getvalue()), f"{n}.png") for n in range(pictures)]
    return {"data": {"image": files}, "content_type": "multipart/form-data"}


def test_where_enough_is_being_decoded_a_file_is_turned_away_and_words_are_not(
    library: Library,
) -> None:
    go_on, waiting = Event(), [Event(), Event()]
    begun = iter(waiting)

    def wait() -> None:
        next(begun).set()
        assert go_on.wait(10)

    app = gated(library, wait, patience=30)
    with ThreadPoolExecutor(2) as threads:
        asked = [
            threads.submit(lambda: app.test_client().post("/api/v1/search", **upload()))
            for _ in waiting
        ]
        assert all(event.wait(10) for event in waiting)
        refused = app.test_client().post("/api/v1/search", **upload())
        words = app.test_client().get("/api/v1/search?q=red")
        go_on.set()
        assert [one.result().status_code for one in asked] == [200, 200]
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "try again" in refused.json["error"]
    assert words.status_code == 200


@pytest.mark.parametrize(("patience", "status"), [(30.0, 200), (0.0, 413)])
def test_the_files_of_one_request_are_decoded_for_so_long_together(
    library: Library, patience: float, status: int
) -> None:
    app = gated(library, lambda: None, patience)
    for _ in range(3):  # every request has its own time
        reply = app.test_client().post("/api/v1/search", **upload(pictures=4))
        assert reply.status_code == status
    if status != 200:
        assert "send fewer" in reply.json["error"]
