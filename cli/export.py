"""``triptych export``: a library as a file that other programs read."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import library_option

NAMES = ("items.csv", "items.jsonl", "passages.jsonl", "vectors.npy")
"""The forms of ``retrieval.export``, which ``--help`` need not import."""


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option(
    "--form",
    type=click.Choice(NAMES),
    help="What is written; else FILE's name tells: .csv and .jsonl are items, .npy is vectors.",
)
@library_option
def command(file: Path, form: str | None, library: Path) -> None:
    """Write what a library knows of its files, or their passages or vectors, to FILE.

    Row i of vectors.npy, for NumPy, belongs to line i of passages.jsonl. FILE is replaced.
    """
    from retrieval.export import FORMS, export
    from retrieval.library import Library

    with Library.open_existing(library) as opened:
        export(opened, FORMS[form or _form_of(file)], file)


def _form_of(file: Path) -> str:
    if file.name in NAMES:
        return file.name
    for name in NAMES:
        if name.endswith(file.suffix.lower() or "."):
            return name
    raise click.UsageError(
        f"{file.name} does not say what to write; end it in .csv, .jsonl or .npy, or add --form."
    )
