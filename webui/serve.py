"""Serves a library over HTTP with waitress, on this machine unless told otherwise."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

from retrieval.errors import InvalidQuery, LibraryError, TriptychError
from retrieval.settings import settings
from webui.app import create_app
from webui.security import is_loopback

if TYPE_CHECKING:
    from retrieval.library import Library

PORT = 7117
THREADS = 8
ROOM_FOR_A_REPLY = 4
"""Waitress cuts off, in plain text, a body this many times larger than the application's bound;
up to there the application itself replies, in the API's shape."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has its port and waits to run."""

    waitress: Any
    address: str

    def run(self) -> None:
        """Answer requests until interrupted or closed."""
        try:
            self.waitress.run()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the port."""
        self.waitress.close()


def serve(
    library: Library,
    host: str = "127.0.0.1",
    port: int = PORT,
    *,
    token: str | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Answer requests until interrupted; ``announce`` is told the address once there is one."""
    server = bind(library, host, port, token=token)
    warming = Thread(target=_warm, args=(library,))
    warming.start()
    if announce is not None:
        announce(server.address)
    server.run()
    warming.join()


def bind(
    library: Library, host: str = "127.0.0.1", port: int = PORT, *, token: str | None = None
) -> Server:
    """Take a port (0: any free one), or raise InvalidQuery or LibraryError."""
    if not is_loopback(host) and not token:
        raise InvalidQuery(
            f"{host} can be reached from other machines, so a token is needed: give one with "
            "--token, or serve on 127.0.0.1."
        )
    from waitress.server import create_server

    taken = _take(host, port)
    server = create_server(
        create_app(library, token=token or None),
        sockets=[taken],
        threads=THREADS,
        ident="triptych",
        max_request_body_size=ROOM_FOR_A_REPLY * settings().max_upload_bytes,
    )
    name = f"[{host}]" if ":" in host else host
    return Server(server, f"http://{name}:{taken.getsockname()[1]}/")


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
