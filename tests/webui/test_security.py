from __future__ import annotations

import re
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient

from retrieval.errors import InvalidQuery
from retrieval.library import Library
from tests.webui.conftest import app_of
from webui.app import create_app
from webui.security import COOKIE
from webui.token import Token

TOKEN = "correct horse"


@pytest.fixture
def guarded(library: Library) -> FlaskClient:
    return app_of(library, token=TOKEN).test_client()


@pytest.mark.parametrize("path", ["/", "/api/v1/stats", "/api/v1/none", "/none", "/static/app.js"])
def test_every_reply_is_marked(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_page_needs_no_inline_code_and_no_other_host(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:7117", "127.0.0.1:80", "127.9.9.9", "[::1]:7117", "photos.localhost"],
)
def test_this_machines_names_are_answered(app: Flask, host: str) -> None:
    assert app.test_client().get("/api/v1/stats", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7117",
        "127.0.0.1.evil.example",
        "192.168.1.4",
        "localhost.evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/stats", "/api/v1/items/1/media", "/healthz"])
def test_a_rebound_name_is_refused(app: Flask, host: str, path: str) -> None:
    reply = app.test_client().get(path, headers={"Host": host})
    assert reply.status_code == 403
    assert host in reply.text


def test_a_token_opens_every_host(guarded: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "photos.example"}
    assert guarded.get("/api/v1/stats", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer ünïcode"},
        {"Authorization": "Basic Y29ycmVjdDpob3JzZQ=="},
        {"Cookie": f"triptych={TOKEN}"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/v1/stats", "/api/v1/search?q=a", "/api/v1/items/1/media", "/api/v1/none"]
)
def test_without_the_token_nothing_is_told(
    guarded: FlaskClient, headers: dict[str, str], path: str
) -> None:
    reply = guarded.get(path, headers=headers)
    assert reply.status_code == 401
    assert reply.json["status"] == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_probes_and_static_files_need_no_token(guarded: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", "/static/base.css", "/sign-in"):
        assert guarded.get(path).status_code == 200


def test_a_browser_signs_in(guarded: FlaskClient) -> None:
    assert guarded.get("/").headers["Location"] == "/sign-in"
    wrong = guarded.post("/sign-in", data={"token": "guess"})
    assert wrong.status_code == 401
    assert "Set-Cookie" not in wrong.headers
    right = guarded.post("/sign-in", data={"token": TOKEN})
    assert right.status_code == 303
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert guarded.get("/").status_code == 200
    assert guarded.get("/api/v1/stats").status_code == 200


def test_without_a_token_there_is_nothing_to_sign_in_to(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Location"] == "/"
    assert client.post("/sign-in", data={"token": "x"}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_can_change_nothing(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    reply = client.post("/api/v1/search", json={"q": "red"}, headers=headers)
    assert reply.status_code == 403
    assert "another site" in reply.json["error"]
    assert client.get("/api/v1/search?q=red", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},  # what browsers send to an address without encryption
    ],
)
def test_our_own_page_and_what_is_no_browser_can(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.post("/api/v1/search", json={"q": "red"}, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_every_change_wants_the_token(guarded: FlaskClient, method: str) -> None:
    for path in ("/api/v1/items/1", "/api/v1/jobs", "/api/v1/export/items.csv"):
        assert guarded.open(path, method=method, json={}).status_code == 401


def test_the_token_is_not_kept(library: Library) -> None:
    app = app_of(library, token=TOKEN)
    assert TOKEN not in repr(app.config)
    assert Token.of(TOKEN).cookie == app.config["TRIPTYCH_TOKEN"].cookie


def test_a_digest_lets_in_who_has_the_token_alone(library: Library) -> None:
    digest = sha256(TOKEN.encode()).hexdigest()
    known = Token.of_digest(f" {digest.upper()}  -\n")
    app = create_app(library, token=known)
    for sent, status in ((TOKEN, 200), (digest, 401), (known.cookie, 401)):
        headers = {"Authorization": f"Bearer {sent}"}
        assert app.test_client().get("/api/v1/stats", headers=headers).status_code == status
    for forged in (digest, Token.of(digest).cookie, Token.of_digest(digest).cookie):
        client = app.test_client()
        client.set_cookie(COOKIE, forged)
        assert client.get("/api/v1/stats").status_code == 401
    browser = app.test_client()
    assert browser.post("/sign-in", data={"token": TOKEN}).status_code == 303
    assert browser.get("/api/v1/stats").status_code == 200


@pytest.mark.parametrize("digest", ["", "secret", "0" * 63, "0" * 65, "g" * 64])
def test_a_digest_that_is_none_is_refused(digest: str) -> None:
    with pytest.raises(InvalidQuery, match="TRIPTYCH_TOKEN_SHA256"):
        Token.of_digest(digest)


def test_every_page_leads_to_signing_in(guarded: FlaskClient) -> None:
    for page in ("/", "/library", "/map", "/api/"):
        assert guarded.get(page).headers["Location"] == "/sign-in", page


def test_a_browser_signs_in_where_there_is_no_encryption(guarded: FlaskClient) -> None:
    """There browsers send no ``Sec-Fetch-Site``, and the form's own ``Origin`` only by policy."""
    own = {"Origin": "http://nas.lan:7117", "Host": "nas.lan:7117"}
    assert guarded.get("/sign-in").headers["Referrer-Policy"] == "same-origin"
    assert guarded.post("/sign-in", data={"token": TOKEN}, headers=own).status_code == 303
    foreign = {**own, "Origin": "http://evil.example"}
    assert guarded.post("/sign-in", data={"token": TOKEN}, headers=foreign).status_code == 403
