"""``triptych info``: what a library holds."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import json_option, library_option


@click.command("info")
@json_option
@library_option
def command(as_json: bool, library: Path) -> None:
    """Say what a library holds: items by kind, files that failed, encoder and index."""
    from retrieval.info_body import InfoBody
    from retrieval.library import Library

    with Library.open_existing(library) as opened:
        info = InfoBody.of(opened.info())
    if as_json:
        click.echo(info.model_dump_json(indent=2))
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in info.by_kind.items()) or "nothing yet"
    click.echo(f"library   {info.library}")
    for root in info.roots:
        click.echo(f"folder    {root}")
    for lost in info.offline:
        click.echo(f"offline   {lost.path} ({lost.items:,} items kept)")
    click.echo(f"items     {info.items} ({kinds})")
    click.echo(f"passages  {info.passages}")
    click.echo(f"encoder   {info.encoder.name}, revision {info.encoder.revision}")
    click.echo(f"index     {info.index.vectors} vectors, {info.index.bytes} bytes")
    for kind, index in info.index.approximations.items():
        click.echo(
            f"          {kind}: {index.nprobe} of {index.lists} lists looked into, "
            f"{index.recall:.1%} of the ten nearest found"
        )
    if info.index.gpus:
        click.echo(f"gpu       {info.index.gpus}, which `serve` searches large kinds on")
    if info.index.notice:
        click.echo(f"note      {info.index.notice}")
    for failure in info.failures:
        click.echo(f"failed    {failure.path}: {failure.reason}")
