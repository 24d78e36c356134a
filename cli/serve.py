"""``triptych serve``: the page and the JSON API."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import library_option

if TYPE_CHECKING:
    from webui.token import Token


def _read_address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from ipaddress import ip_address

    if value is None:
        return None
    try:
        return str(ip_address(value))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no address: write it in numbers, as 127.0.0.1."
        ) from None


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7117, show_default=True)
@click.option(
    "--token",
    envvar="TRIPTYCH_TOKEN",
    help="What clients must send; demanded off the loopback address.  [env: TRIPTYCH_TOKEN]",
)
@click.option(
    "--token-sha256",
    "digest",
    envvar="TRIPTYCH_TOKEN_SHA256",
    help="The token's SHA-256, to be given where the token itself should not stand.  "
    "[env: TRIPTYCH_TOKEN_SHA256]",
)
@click.option(
    "--proxy",
    metavar="ADDRESS",
    callback=_read_address,
    help="Of a reverse proxy, whose X-Forwarded-For and X-Forwarded-Proto are believed.",
)
@click.option("--open", "open_browser", is_flag=True, help="Show the page in a browser.")
@click.option(
    "--log-json", is_flag=True, help="Write a line of JSON for each request to standard error."
)
@library_option
def command(
    host: str,
    port: int,
    token: str | None,
    digest: str | None,
    proxy: str | None,
    open_browser: bool,
    log_json: bool,
    library: Path,
) -> None:
    """Open the search page and the JSON API.

    Nothing outside this machine can reach them unless --host says so.
    """
    from indexer.run import bring_in
    from retrieval.library import Library
    from webui.journal import write_to
    from webui.serve import serve

    def announce(address: str) -> None:
        click.echo(f"Triptych is at {address} (Ctrl-C stops it)", err=True)
        if open_browser:
            webbrowser.open(address)

    if log_json:
        write_to(sys.stderr)
    demanded = _token(token, digest)
    with Library.open(library) as opened:
        serve(
            opened,
            host,
            port,
            token=demanded,
            proxy=proxy,
            indexer=bring_in,
            announce=announce,
        )


def _token(token: str | None, digest: str | None) -> Token | None:
    from webui.token import Token

    if token and digest:
        raise click.UsageError("Give the token or its SHA-256, not both.")
    if digest:
        return Token.of_digest(digest)
    return Token.of(token) if token else None
