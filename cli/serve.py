"""``triptych serve``: the page and the JSON API."""

from __future__ import annotations

import sys
import webbrowser
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
@click.option("--open", "open_browser", is_flag=True, help="Show the page in a browser.")
@click.option(
    "--log-json", is_flag=True, help="Write a line of JSON for each request to standard error."
)
@library_option
def command(
    host: str, port: int, token: str | None, open_browser: bool, log_json: bool, library: Path
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
    with Library.open(library) as opened:
        serve(opened, host, port, token=token, indexer=bring_in, announce=announce)
