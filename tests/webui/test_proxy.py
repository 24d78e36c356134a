"""Behind a proxy that it was told of, a server knows whom it answers; it believes nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from retrieval.errors import InvalidQuery
from retrieval.library import Library
from tests.webui.test_serve import running
from webui.serve import bind
from webui.token import Token

TOKEN = "correct horse"
GUESSES = 20
"""What one address may send without the token in a minute."""


@pytest.fixture
def here(library: Library) -> Iterator[httpx2.Client]:
    """Talk to a server that believes this machine."""
    server = bind(library, port=0, token=Token.of(TOKEN), proxy="127.0.0.1")
    with running(server) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture
def elsewhere(library: Library) -> Iterator[httpx2.Client]:
    """Talk to a server that believes another machine."""
    server = bind(library, port=0, token=Token.of(TOKEN), proxy="192.0.2.1")
    with running(server) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        yield client


def ask(client: httpx2.Client, token: str, asker: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": asker}
    return client.get("/api/v1/stats", headers=headers).status_code


def test_whoever_guesses_through_the_proxy_shuts_out_nobody_else(here: httpx2.Client) -> None:
    assert {ask(here, "no", "203.0.113.7") for _ in range(GUESSES)} == {401}
    assert ask(here, TOKEN, "203.0.113.7") == 429
    assert ask(here, TOKEN, "203.0.113.8") == 200


def test_nobody_passes_for_another_by_naming_several(here: httpx2.Client) -> None:
    # A proxy puts at the end whom it sees; what stands before it anybody may have written.
    assert {ask(here, "no", f"198.51.100.{n}, 203.0.113.7") for n in range(GUESSES)} == {401}
    assert ask(here, TOKEN, "198.51.100.99, 203.0.113.7") == 429


def test_a_client_that_is_no_proxy_is_not_believed(elsewhere: httpx2.Client) -> None:
    assert {ask(elsewhere, "no", f"198.51.100.{n}") for n in range(GUESSES)} == {401}
    assert ask(elsewhere, TOKEN, "203.0.113.7") == 429


def test_behind_a_proxy_a_token_is_demanded(library: Library) -> None:
    with pytest.raises(InvalidQuery, match="--token"):
        bind(library, port=0, proxy="127.0.0.1")


@pytest.mark.parametrize(("scheme", "marked"), [("https", True), ("http", False)])
def test_signing_in_over_https_leaves_a_cookie_for_https_alone(
    here: httpx2.Client, scheme: str, marked: bool
) -> None:
    headers = {"X-Forwarded-Proto": scheme}
    reply = here.post("/sign-in", data={"token": TOKEN}, headers=headers)
    assert reply.status_code == 303
    assert ("secure" in reply.headers["Set-Cookie"].lower()) is marked


def test_the_word_of_a_client_that_is_no_proxy_marks_nothing(elsewhere: httpx2.Client) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    reply = elsewhere.post("/sign-in", data={"token": TOKEN}, headers=headers)
    assert reply.status_code == 303 and "secure" not in reply.headers["Set-Cookie"].lower()
