"""``triptych serve``: the page and the JSON API."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import library_option


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7117, show_default=True)
@click.option(
    "--token",
    envvar="TRIPTYCH_TOKEN",
    help="What clients must send; demanded off the loopback address.  [env: TRIPTYCH_TOKEN]",
)
@library_option
def command(host: str, port: int, token: str | None, library: Path) -> None:
    """Open the search page and the JSON API.

    Nothing outside this machine can reach them unless --host says so.
    """
    from retrieval.library import Library
    from webui.serve import serve

    with Library.open(library) as opened:
        serve(opened, host=host, port=port, token=token, announce=_announce)


def _announce(address: str) -> None:
    click.echo(f"Triptych is at {address} (Ctrl-C stops it)", err=True)
