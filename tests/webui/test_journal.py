"""Every request has a number and a line, which tells nobody's query."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from webui.journal import write_to


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Write what is logged as JSON while a test runs."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    write_to(stream)
    yield stream
    root.handlers[:], root.level = kept, level


def test_a_reply_carries_its_requests_number(client: FlaskClient) -> None:
    first, second = (client.get("/healthz").headers["X-Request-Id"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize(
    ("sent", "kept"), [("proxy-7f.3", True), ("a b", False), ("x" * 65, False)]
)
def test_a_proxys_plain_number_is_kept(client: FlaskClient, sent: str, kept: bool) -> None:
    found = client.get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert (found == sent) is kept


def test_a_request_leaves_a_line_without_its_query(client: FlaskClient, lines: io.StringIO) -> None:
    reply = client.get("/api/v1/search?q=secret+wish", headers={"X-Request-Id": "abc"})
    [line] = map(json.loads, lines.getvalue().splitlines())
    assert line["message"] == "request"
    assert (line["method"], line["path"]) == ("GET", "/api/v1/search")
    assert (line["status"], line["request"]) == (reply.status_code, "abc")
    assert line["ms"] > 0
    assert "secret" not in lines.getvalue()


def test_a_refused_request_leaves_a_line_too(client: FlaskClient, lines: io.StringIO) -> None:
    client.get("/api/v1/stats", headers={"Host": "evil.example"})
    [line] = map(json.loads, lines.getvalue().splitlines())
    assert line["status"] == 403


def test_what_goes_wrong_is_logged_under_the_requests_number(
    client: FlaskClient, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("retrieval.library.Library.search", fail)
    reply = client.get("/api/v1/search?q=a")
    assert reply.status_code == 500
    fault, request = map(json.loads, lines.getvalue().splitlines())
    assert fault["request"] == request["request"] == reply.headers["X-Request-Id"]
    assert "a fault" in fault["exc_info"]
    assert fault["level"] == "ERROR"
