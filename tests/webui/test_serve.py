from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import sleep
from urllib.request import urlopen

import pytest
from waitress import wasyncore
from waitress.task import ThreadedTaskDispatcher

from retrieval.errors import InvalidQuery, LibraryError, ModelUnavailable
from retrieval.library import Library
from retrieval.media import Answer, Query
from webui import serve
from webui.serve import Server, bind


@contextmanager
def running(server: Server) -> Iterator[str]:
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        # As an interrupt does, which only a main thread hears: it runs while it has connections.
        trigger = server.waitress.trigger
        with trigger.lock:  # or it might be closed before it is pulled
            trigger.thunks.append(lambda: wasyncore.close_all(server.connections))
            trigger.pull_trigger()
        server.waitress.task_dispatcher.shutdown()
        thread.join()


def test_waitress_serves_the_library(library: Library) -> None:
    with running(bind(library, port=0)) as address:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(f"{address}api/v1/stats", timeout=10) as reply:
            assert json.load(reply)["items"] == 8


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "photos.example"])
def test_off_loopback_a_token_is_demanded(library: Library, host: str) -> None:
    with pytest.raises(InvalidQuery, match="--token"):
        bind(library, host, 0)


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


def test_requests_that_wait_for_a_thread_are_not_warned_of(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serve, "THREADS", 1)
    answered, arrived = Event(), Event()
    info = library.info

    def slow() -> object:
        arrived.set()
        assert answered.wait(10)
        return info()

    monkeypatch.setattr(library, "info", slow)
    with running(server := bind(library, port=0)) as address:
        asking = [Thread(target=lambda: urlopen(f"{address}readyz").close()) for _ in range(4)]
        for thread in asking:
            thread.start()
        assert arrived.wait(10)
        while not server.waitress.task_dispatcher.queue:
            sleep(0.01)
        answered.set()
        for thread in asking:
            thread.join()
    assert "queue" not in caplog.text.lower()


@pytest.fixture
def usual_signals() -> Iterator[None]:
    kept = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, kept)


@pytest.mark.usefixtures("usual_signals")
def test_sigterm_ends_the_server_once_what_was_asked_is_answered(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, signalled, told, found = Event(), Event(), Event(), []
    search, addresses = library.search, list[str]()

    def slow(query: Query) -> Answer:
        asked.set()
        assert signalled.wait(10)
        return search(query)

    def ask() -> None:
        assert told.wait(10)
        with urlopen(f"{addresses[0]}api/v1/search?q=red", timeout=10) as reply:
            found.append(json.load(reply)["ok"])

    def end() -> None:
        assert asked.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(0.5)
        signalled.set()

    # It waits itself longer than waitress does.
    monkeypatch.setattr(ThreadedTaskDispatcher.shutdown, "__defaults__", (True, 0.1))

    monkeypatch.setattr(library, "search", slow)
    threads = [Thread(target=work) for work in (ask, end)]
    for thread in threads:
        thread.start()
    serve.serve(library, port=0, announce=lambda at: (addresses.append(at), told.set())[1])
    for thread in threads:
        thread.join(10)
    assert found == [True]
    with pytest.raises(OSError, match="refused"):
        urlopen(addresses[0], timeout=5)
