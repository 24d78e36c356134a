"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from retrieval.media import Kind
from retrieval.settings import settings

library_option = click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings().library,
    show_default="TRIPTYCH_LIBRARY, or the user's data directory",
    help="The library's directory.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

encoder_option = click.option(
    "--encoder",
    metavar="NAME",
    help="builtin, openclip:NAME/TAG, openclip:local-dir:PATH, an alias that `models` lists, or a "
    "directory that `train` made.",
)

images_option = click.option(
    "--images",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that the pictures' names are relative to.",
)

kinds_option = click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Kind]),
    multiple=True,
    help="Only items of this kind.",
)

folder_option = click.option(
    "--in", "folder", metavar="FOLDER", default="", help="Only items in this folder."
)
