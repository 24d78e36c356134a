"""Whoever guesses at the token is turned away for a while; nobody else is."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from retrieval.library import Library
from tests.webui.conftest import app_of

TOKEN = "correct horse"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def guarded(library: Library) -> FlaskClient:
    return app_of(library, token=TOKEN).test_client()


def test_an_address_that_guesses_is_turned_away_even_when_it_guesses_right(
    guarded: FlaskClient,
) -> None:
    for guess in range(10):
        assert guarded.post("/sign-in", data={"token": f"{guess}"}).status_code == 401
        headers = {"Authorization": f"Bearer {guess}"}
        assert guarded.get("/api/v1/stats", headers=headers).status_code == 401
    reply = guarded.get("/api/v1/stats", headers=RIGHT)
    assert reply.status_code == 429
    assert reply.json["status"] == 429
    assert 0 < int(reply.headers["Retry-After"]) <= 60
    assert guarded.post("/sign-in", data={"token": TOKEN}).status_code == 429


@pytest.mark.parametrize(("method", "path"), [("GET", "/nope"), ("DELETE", "/api/v1/stats")])
def test_no_address_and_no_method_lets_one_go_on_guessing(
    guarded: FlaskClient, method: str, path: str
) -> None:
    for guess in range(20):
        headers = {"Authorization": f"Bearer {guess}"}
        assert guarded.open(path, method=method, headers=headers).status_code == 401
    assert guarded.open(path, method=method, headers=RIGHT).status_code == 429


def test_another_address_is_not_turned_away(guarded: FlaskClient) -> None:
    for _ in range(25):
        guarded.get("/api/v1/stats")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    reply = guarded.get("/api/v1/stats", headers=RIGHT, environ_base=elsewhere)
    assert reply.status_code == 200


def test_whoever_has_the_token_may_ask_as_often_as_they_like(guarded: FlaskClient) -> None:
    assert {guarded.get("/api/v1/stats", headers=RIGHT).status_code for _ in range(60)} == {200}


def test_without_a_token_there_is_no_limit(client: FlaskClient) -> None:
    host = {"Host": "evil.example"}
    assert {client.get("/api/v1/stats", headers=host).status_code for _ in range(40)} == {403}
    assert client.get("/api/v1/stats").status_code == 200
