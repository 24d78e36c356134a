"""Serves a library over HTTP with waitress, on this machine unless told otherwise.

Ctrl-C and SIGTERM end it alike: no request is taken any more, and those begun are answered first,
if that takes no longer than half a minute.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread, current_thread, main_thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from retrieval.errors import InvalidQuery, LibraryError, TriptychError
from retrieval.settings import settings
from webui.app import create_app
from webui.indexing import jobs_of
from webui.jobs import Indexer, Jobs
from webui.journal import leave_out_waiting
from webui.security import is_loopback

if TYPE_CHECKING:
    from retrieval.library import Library
    from webui.token import Token

PORT = 7117
THREADS = 32
SECONDS_TO_END = 30.0
FORWARDED = "x-forwarded-for x-forwarded-proto"
ROOM_FOR_A_REPLY = 4
"""Waitress cuts off, in plain text, a body this many times larger than the application's bound;
up to there the application itself replies, in the API's shape."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has its port and waits to run."""

    waitress: Any
    address: str
    connections: dict[int, Any]
    jobs: Jobs

    def run(self) -> None:
        """Answer requests until interrupted or closed."""
        try:
            self.waitress.run()
        finally:
            self.close()
            self._finish()
            self.jobs.close()

    def close(self) -> None:
        """Let go of the port."""
        self.waitress.close()

    def _finish(self) -> None:
        """Let threads end their work, send to clients that still read, and hang up."""
        from waitress import wasyncore

        until = monotonic() + SECONDS_TO_END
        while monotonic() < until and self._is_answering():
            wasyncore.loop(0.1, map=self.connections, count=1)
            sleep(0.01)  # where there is no connection, nothing waits
        wasyncore.close_all(self.connections)

    def _is_answering(self) -> bool:
        unsent = any(channel.total_outbufs_len for channel in self.connections.values())
        return bool(self.waitress.task_dispatcher.threads) or unsent


def serve(
    library: Library,
    host: str = "127.0.0.1",
    port: int = PORT,
    *,
    token: Token | None = None,
    proxy: str | None = None,
    indexer: Indexer | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Answer requests until interrupted; ``announce`` is told the address once there is one."""
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = bind(library, host, port, token=token, proxy=proxy, indexer=indexer)
    warming = Thread(target=_warm, args=(library,))
    warming.start()
    if announce is not None:
        announce(server.address)
    server.run()
    warming.join()


def bind(
    library: Library,
    host: str = "127.0.0.1",
    port: int = PORT,
    *,
    token: Token | None = None,
    proxy: str | None = None,
    indexer: Indexer | None = None,
) -> Server:
    """Take a port (0: any free one), or raise InvalidQuery or LibraryError.

    What ``proxy``, an address, says of whom it asks for and by which scheme is believed.
    """
    if not is_loopback(host) and token is None:
        raise InvalidQuery(
            f"{host} can be reached from other machines, so a token is needed: give one with "
            "--token, or serve on 127.0.0.1."
        )
    if proxy is not None and token is None:
        raise InvalidQuery(
            "Whoever reaches the proxy could ask, so a token is needed: give one with --token."
        )
    from waitress.server import create_server

    leave_out_waiting()
    taken = _take(host, port)
    app = create_app(library, token=token, indexer=indexer)
    connections: dict[int, Any] = {}
    server = create_server(
        app,
        map=connections,
        sockets=[taken],
        threads=THREADS,
        ident="triptych",
        trusted_proxy=proxy,
        trusted_proxy_headers=FORWARDED if proxy else "",
        max_request_body_size=ROOM_FOR_A_REPLY * settings().max_upload_bytes,
    )
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{taken.getsockname()[1]}/"
    return Server(server, address, connections, jobs_of(app))


def _warm(library: Library) -> None:
    with suppress(TriptychError):  # the first query fails the same way, and there someone is told
        library.warm()


def _take(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise LibraryError(
            f"Cannot serve on {host}:{port} ({error.strerror}); name another --host or --port."
        ) from error
