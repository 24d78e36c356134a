"""``triptych search``: one answer on standard output."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from cli.options import folder_option, json_option, kinds_option, library_option
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
from retrieval.search.language import UNWANTED, as_it_stands, read_line
from retrieval.search.restrictions import within

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


LANGUAGE = """\b
TEXT is words, and among them:
  "red barn"               these words exactly
  -"red barn"  -fence      not these words; less like this
  2:dog  0.5:"red car"     something that counts more, or less
  kind:image               or text, audio, video; kind:image,text; -kind:video
  in:2024  in:"My Photos"  in a folder
  after:2024-05  before:2024  on:2024-05-01
  larger:2mb  smaller:500kb  longer:1m  shorter:90s
  is:favourite             marked with a star on the page
  like:12  -like:7         like, or less like, an item by its number (see --json)
What makes no sense as one of these is words. With --plain all of TEXT is.

\b
Examples:
  triptych search "a dog running on the beach"
  triptych search "雪山 -人 kind:image after:2024" -k 5
  triptych search "in the rain" --image street.jpg --not car
  triptych search -k 5 -- "-car street"      (-- goes before a TEXT that begins with a hyphen)
"""


@click.command("search", epilog=LANGUAGE)
@click.argument("text", default="")
@click.option("--plain", is_flag=True, help="Take TEXT as words only, whatever is in it.")
@click.option("--image", "images", type=FILE, multiple=True, help="Like this picture.")
@click.option("--audio", "sounds", type=FILE, multiple=True, help="What this recording says.")
@click.option("--not", "unwanted", metavar="TEXT", multiple=True, help="Less like these words.")
@kinds_option
@folder_option
@click.option("--after", type=DAY, help="Only items from this day on.")
@click.option("--before", type=DAY, help="Only items up to this moment.")
@click.option("--favourite", is_flag=True, help="Only favourites.")
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out the first hits.")
@click.option("--all", "everything", is_flag=True, help="Also what matches less well.")
@click.option("--exact", is_flag=True, help="Look at everything, however large the library.")
@click.option("--unfold", is_flag=True, help="Near-duplicates of a hit as hits of their own.")
@click.option("--timings", is_flag=True, help="Say what the time was spent on.")
@json_option
@library_option
def command(
    text: str,
    plain: bool,
    images: tuple[Path, ...],
    sounds: tuple[Path, ...],
    unwanted: tuple[str, ...],
    kinds: tuple[str, ...],
    folder: str,
    after: datetime | None,
    before: datetime | None,
    favourite: bool,
    k: int,
    offset: int,
    everything: bool,
    exact: bool,
    unfold: bool,
    timings: bool,
    as_json: bool,
    library: Path,
) -> None:
    """Find items by words, pictures or speech, or any mix.

    Prints the score (0…1), the path and, within a document or recording, the position, separated
    by tabs, best first; what matches less well is left out unless nothing matches well. A hit that
    stands for near-duplicates ends with their number; --json names them. Filters alone list what
    passes them, newest first, with "-" for the score. Options and what TEXT says both apply; where
    they name different kinds or folders, the options rule.
    """
    line = as_it_stands(text) if plain else read_line(text)
    terms = (*line.terms, *_terms(images, sounds, unwanted))
    options = Filters(frozenset(map(Kind, kinds)), folder, after, before, favourite=favourite)
    filters = within(options, line.filters)
    query = Query(terms, filters, k, offset, line.phrases, exact, fold=not unfold)
    if not terms and not query.restricts:
        raise click.UsageError("Say what to look for: words, --image, --audio, --not or a filter.")
    # Before the library is imported: the encoder opens meanwhile.
    from retrieval.ahead import begin_words

    encoder = begin_words(library) if any(isinstance(t, TextTerm) for t in terms) else None
    from retrieval.library import Library

    with Library.open_existing(library, encoder) as opened:
        answer = opened.search(query)
    if as_json:
        _print_json(answer, [] if plain else [text])
    else:
        shown = answer.hits if everything or not answer.confident else answer.good
        _print(answer, shown)
    if timings:
        spent = [f"{stage.name} {stage.ms:.1f}" for stage in answer.stages]
        click.echo(f"Milliseconds: {', '.join(spent)}; {answer.took_ms:.1f} in all.", err=True)


def _terms(
    images: tuple[Path, ...], sounds: tuple[Path, ...], unwanted: tuple[str, ...]
) -> tuple[Term, ...]:
    pictures = [_picture(path) for path in images]
    speech = [SpeechTerm(path) for path in sounds]
    return (*pictures, *speech, *(TextTerm(words, UNWANTED) for words in unwanted))


def _picture(path: Path) -> ImageTerm:
    from hashlib import sha256

    from retrieval.decode.pictures import open_picture

    return ImageTerm(open_picture(path).image, hash=sha256(path.read_bytes()).hexdigest())


def _print_json(answer: Answer, lines: list[str]) -> None:
    from retrieval.wire import AnswerBody

    click.echo(AnswerBody.of(answer, lines).model_dump_json(indent=2))


def _print(answer: Answer, hits: tuple[Hit, ...]) -> None:
    for words in answer.heard:
        click.echo(f"Heard: {words}", err=True)
    if not answer.total:
        click.echo("No item passes the filters.", err=True)
    elif hits and not answer.confident:
        click.echo("Nothing matches that well; these are the nearest.", err=True)
    for hit in hits:
        score = "-" if hit.score is None else f"{hit.score:.3f}"
        click.echo("\t".join([score, str(hit.item.file), *_position(hit), *_alike(hit)]))
    if len(hits) < len(answer.hits):
        click.echo("Others match less well: --all shows them.", err=True)


def _position(hit: Hit) -> list[str]:
    if hit.passage.start is not None and hit.passage.end is not None:
        return [f"{_clock(hit.passage.start)}-{_clock(hit.passage.end)}"]
    return [f"page {hit.passage.page}"] if hit.passage.page is not None else []


def _alike(hit: Hit) -> list[str]:
    return [f"and {len(hit.alike)} alike"] if hit.alike else []


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
