from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.request import urlopen

import pytest

from retrieval.errors import InvalidQuery, LibraryError, ModelUnavailable
from retrieval.library import Library
from webui import serve
from webui.serve import Server, bind


@contextmanager
def running(server: Server) -> Iterator[str]:
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.waitress.trigger.pull_trigger(server.close)
        thread.join(5)


def test_waitress_serves_the_library(library: Library) -> None:
    with running(bind(library, port=0)) as address:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(f"{address}api/v1/stats", timeout=10) as reply:
            assert json.load(reply)["items"] == 8


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "photos.example"])
@pytest.mark.parametrize("token", [None, ""])
def test_off_loopback_a_token_is_demanded(library: Library, host: str, token: str | None) -> None:
    with pytest.raises(InvalidQuery, match="--token"):
        bind(library, host, 0, token=token)


def test_a_taken_port_is_told(library: Library) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LibraryError, match=f"{port}.*--port"):
            bind(library, port=port)


def test_the_address_is_announced_before_running(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Server, "run", lambda server: server.close())
    serve.serve(library, port=0, announce=told.append)
    assert told[0].startswith("http://127.0.0.1:")


def test_serving_loads_what_the_first_query_needs(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(Server, "run", lambda server: server.close())
    monkeypatch.setattr(library.encoder, "encode_texts", read.extend)
    serve.serve(library, port=0)
    assert len(read) == 1


def test_a_broken_encoder_is_left_to_the_first_query(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(texts: list[str]) -> None:
        raise ModelUnavailable("text.onnx is damaged: reinstall Triptych")

    monkeypatch.setattr(Server, "run", lambda server: server.close())
    monkeypatch.setattr(library.encoder, "encode_texts", fail)
    serve.serve(library, port=0)  # a warning of an unhandled exception would fail this test
