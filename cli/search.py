"""``triptych search``: one answer on standard output."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click

from cli.options import json_option, library_option
from retrieval.media import (
    Answer,
    Filters,
    Hit,
    ImageTerm,
    Kind,
    Query,
    SpeechTerm,
    Term,
    TextTerm,
)

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


EXAMPLES = """\b
Examples:
  triptych search "a dog running on the beach"
  triptych search "雪山" --kind image -k 5
  triptych search "in the rain" --image street.jpg --not car
"""


@click.command("search", epilog=EXAMPLES)
@click.argument("text", required=False)
@click.option("--image", "images", type=FILE, multiple=True, help="Like this picture.")
@click.option("--audio", "sounds", type=FILE, multiple=True, help="What this recording says.")
@click.option("--not", "unwanted", metavar="TEXT", multiple=True, help="Less like these words.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Kind]),
    multiple=True,
    help="Only items of this kind.",
)
@click.option("--in", "folder", metavar="FOLDER", default="", help="Only items in this folder.")
@click.option("--after", type=DAY, help="Only items from this day on.")
@click.option("--before", type=DAY, help="Only items up to this moment.")
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out the first hits.")
@json_option
@library_option
def command(
    text: str | None,
    images: tuple[Path, ...],
    sounds: tuple[Path, ...],
    unwanted: tuple[str, ...],
    kinds: tuple[str, ...],
    folder: str,
    after: datetime | None,
    before: datetime | None,
    k: int,
    offset: int,
    as_json: bool,
    library: Path,
) -> None:
    """Find items by words, pictures or speech, or any mix.

    Prints the score (0…1), the path and, within a document or recording, the position, separated
    by tabs, best first.
    """
    terms = _terms(text, images, sounds, unwanted)
    if not terms:
        raise click.UsageError("Say what to look for: words, --image, --audio or --not.")
    from retrieval.library import Library

    with Library.open_existing(library) as opened:
        filters = Filters(frozenset(map(Kind, kinds)), folder, after, before)
        answer = opened.search(Query(terms, filters, k, offset))
        _print(answer, as_json)


def _terms(
    text: str | None,
    images: tuple[Path, ...],
    sounds: tuple[Path, ...],
    unwanted: tuple[str, ...],
) -> tuple[Term, ...]:
    wanted = [TextTerm(text)] if text and text.strip() else []
    pictures = [_picture(path) for path in images]
    speech = [SpeechTerm(path) for path in sounds]
    return (*wanted, *pictures, *speech, *(TextTerm(words, -0.5) for words in unwanted))


def _picture(path: Path) -> ImageTerm:
    from retrieval.decode.pictures import open_picture

    return ImageTerm(open_picture(path).image, hash=sha256(path.read_bytes()).hexdigest())


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        from retrieval.wire import AnswerBody

        click.echo(AnswerBody.of(answer).model_dump_json(indent=2))
        return
    for words in answer.heard:
        click.echo(f"Heard: {words}", err=True)
    if not answer.total:
        click.echo("No item passes the filters.", err=True)
    elif answer.hits and not answer.confident:
        click.echo("Nothing matches that well; these are the nearest.", err=True)
    for hit in answer.hits:
        click.echo("\t".join([f"{hit.score:.3f}", str(hit.item.file), *_position(hit)]))


def _position(hit: Hit) -> list[str]:
    if hit.passage.start is not None and hit.passage.end is not None:
        return [f"{_clock(hit.passage.start)}-{_clock(hit.passage.end)}"]
    return [f"page {hit.passage.page}"] if hit.passage.page is not None else []


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
