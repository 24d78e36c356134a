from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from retrieval import errors
from retrieval.library import Library
from tests.webui.conftest import app_of
from webui.reference.document import described

FORM = "multipart/form-data"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.InvalidQuery, 400),
        (errors.NotFound, 404),
        (errors.MediaTooLarge, 413),
        (errors.UnsupportedMedia, 415),
        (errors.UnreadableMedia, 422),
        (errors.EncoderMismatch, 409),
        (errors.LibraryBusy, 409),
        (errors.LibraryNotFound, 503),
        (errors.ModelUnavailable, 503),
        (errors.TriptychError, 500),
    ],
)
def test_each_error_has_its_status(
    library: Library, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], status: int
) -> None:
    def fail(*_: object) -> None:
        raise kind("first line\nsecond line")

    monkeypatch.setattr(library, "search", fail)
    reply = app_of(library).test_client().get("/api/v1/search?q=red")
    assert reply.status_code == status
    assert reply.json == {
        "ok": False,
        "error": "first line; second line",
        "errors": ["first line", "second line"],
        "status": status,
    }


def test_a_surprise_is_logged_and_not_shown(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(library, "search", fail)
    with caplog.at_level(logging.ERROR, "webui.errors"):
        reply = app_of(library).test_client().get("/api/v1/search?q=red")
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text
    assert "secret detail" in caplog.text


def test_an_unknown_address_under_the_api(client: FlaskClient) -> None:
    reply = client.get("/api/v1/nothing")
    assert reply.status_code == 404
    assert reply.json["ok"] is False


def test_an_unknown_address_elsewhere_is_a_page(client: FlaskClient) -> None:
    reply = client.get("/nothing")
    assert (reply.status_code, reply.mimetype) == (404, "text/html")
    assert "404" in reply.text


def test_a_method_that_is_not_allowed(client: FlaskClient) -> None:
    reply = client.delete("/api/v1/search")
    assert reply.status_code == 405
    assert "POST" in reply.headers["Allow"]
    assert reply.json["status"] == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_address_takes_a_method_it_does_not_name(
    app: Flask, client: FlaskClient, method: str
) -> None:
    named: dict[str, set[str]] = {}
    for rule in described(app):
        named.setdefault(re.sub(r"<[^>]+>", "1", rule.rule), set()).update(rule.methods or ())
    for path, methods in named.items():
        if method.upper() not in methods:
            reply = getattr(client, method)(path)
            assert (reply.status_code, reply.json["status"]) == (405, 405), path
            assert set(reply.headers["Allow"].split(", ")) >= methods


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v2/search", "/api/v1/items", "/api/v1/search/"])
def test_what_is_no_address_under_the_api_has_the_api_s_shape(
    client: FlaskClient, path: str
) -> None:
    for reply in (client.get(path), client.post(path, json={})):
        assert (reply.status_code, reply.json["status"]) == (404, 404)


def test_too_large_a_request(app: Flask, library: Library) -> None:
    small = app_of(library)
    small.config["MAX_CONTENT_LENGTH"] = 1000
    for body in (
        {"json": {"terms": [{"text": "x" * 2000}]}},
        {"data": {"q": "x" * 2000}, "content_type": FORM},
    ):
        reply = small.test_client().post("/api/v1/search", **body)
        assert reply.status_code == 413
        assert reply.json["status"] == 413
    assert app.config["MAX_CONTENT_LENGTH"] == 32 * 2**20


def test_stats_and_probes(client: FlaskClient) -> None:
    stats = client.get("/api/v1/stats").json
    assert (stats["ok"], stats["items"]) == (True, 8)
    assert stats["by_kind"]["image"] == 4
    assert [failure["path"].endswith("broken.jpg") for failure in stats["failures"]] == [True]
    assert stats["encoder"]["name"] == "fake"
    assert client.get("/healthz").json == {"ok": True}
    assert client.get("/readyz").json == {"ok": True, "items": 8}


def test_not_ready_says_why(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise errors.LibraryError("The disk is gone.")

    monkeypatch.setattr(library, "info", fail)
    reply = app_of(library).test_client().get("/readyz")
    assert reply.status_code == 503
    assert reply.json["error"] == "The disk is gone."
