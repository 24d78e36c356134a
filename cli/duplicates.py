"""``triptych duplicates``: files that are the same or nearly so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import folder_option, json_option, kinds_option, library_option
from cli.progress import ProgressBar
from retrieval.media import Filters, Kind

if TYPE_CHECKING:
    from retrieval.alike.duplicates import Group

UNITS = ("bytes", "kB", "MB", "GB")


@click.command("duplicates")
@kinds_option
@folder_option
@click.option("--copies", is_flag=True, help="Only files with the very same bytes.")
@json_option
@library_option
def command(
    kinds: tuple[str, ...], folder: str, copies: bool, as_json: bool, library: Path
) -> None:
    """List files that are the same or nearly so; nothing is deleted.

    Prints the size in bytes, what the file is in its group, and the path, separated by tabs, with a
    blank line between groups. First comes the `best`, with most pixels or bytes. A `copy` has the
    very bytes of one before it. The rest are `like` the best: a picture resized, compressed,
    brightened, mirrored, turned grey or cropped a little; another version of a document; another
    recording of a speech.
    """
    from retrieval.alike.duplicates import find_copies
    from retrieval.library import Library

    filters = Filters(frozenset(map(Kind, kinds)), folder)
    with Library.open_existing(library) as opened:
        if copies:
            groups = find_copies(opened.catalog, filters)
        else:
            with ProgressBar("Comparing") as progress:
                groups = opened.duplicates(filters, progress)
    _print(groups, as_json)


def _print(groups: Sequence[Group], as_json: bool) -> None:
    if as_json:
        from retrieval.alike.body import DuplicatesBody

        click.echo(DuplicatesBody.of(groups).model_dump_json(indent=2))
        return
    for number, group in enumerate(groups):
        if number:
            click.echo()
        for item, likeness in zip(group.items, group.likenesses, strict=True):
            click.echo(f"{item.content.size}\t{likeness}\t{item.file}")
    files = sum(len(group.items) for group in groups)
    spare = _size(sum(group.spare for group in groups))
    said = f"{files} files in {len(groups)} groups; without all but the best, {spare} less."
    click.echo(said if groups else "No duplicates.", err=True)


def _size(count: float) -> str:
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.{min(unit, 1)}f} {UNITS[unit]}"
