"""``triptych forget``: removes what is known of files, for good."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import library_option

if TYPE_CHECKING:
    from retrieval.forgetting import Known


@click.command("forget")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--yes", is_flag=True, help="Do not ask.")
@library_option
def command(paths: tuple[Path, ...], yes: bool, library: Path) -> None:
    """Remove what is known of files, folders or whole roots: words, vectors and thumbnails.

    The files themselves are left alone, and come back when they are indexed again. PATH need not
    exist any more. What files elsewhere hold as well is kept for them.
    """
    from retrieval.errors import StillReadable
    from retrieval.forgetting import find_known, forget
    from retrieval.library import Library

    with Library.open_existing(library) as opened:
        known = find_known(opened, paths)
        if not yes:
            _ask(f"Forget {_counted(known)}?")
        gone = forget(opened, paths)
    click.echo(f"Forgotten: {_counted(gone)}.", err=True)
    if gone.notice:
        raise StillReadable(gone.notice)


def _counted(known: Known) -> str:
    files = "file" if known.items == 1 else "files"
    return f"{known.items:,} {files} of {known.bytes:,} bytes"


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask at. Add --yes to forget unasked.")
    click.confirm(question, abort=True, err=True)
