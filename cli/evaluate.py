"""``triptych evaluate``: how well encoders rank captioned pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import images_option, json_option
from cli.progress import ProgressBar
from retrieval.settings import settings

if TYPE_CHECKING:
    from retrieval.evaluation.captioned import Captioned
    from retrieval.evaluation.measure import Measured


SHAPES = """With one field and one encoder, --json prints

\b
{"text_to_image": {"recall@1", "recall@5", "recall@10", "median_rank", "mrr",
                   "ndcg@10", "interval": {"recall@1": [low, high], …},
                   "queries"},
 "image_to_text": {…}, "text_to_text": {…} or null, "images", "captions",
 "encoder": {"name", "revision", "dim", "fingerprint"}, "bootstrap"}

and with several of either

\b
{"encoders": [{"encoder": {…}, "fields": {"en": {as above}, "zh": {…}},
               "across": {"en": {"zh": {…}}, "zh": {"en": {…}}},
               "difference_to_first": {"fields", "across"}}, …], "bootstrap"}
"""


@click.command("evaluate", epilog=SHAPES)
@click.argument("captions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@images_option
@click.option(
    "--captions",
    "keys",
    required=True,
    multiple=True,
    metavar="KEY",
    help="The captions' field, say a language; may be repeated, each measured separately.",
)
@click.option("--split", metavar="NAME", help="Only lines whose field `split` is this.")
@click.option(
    "--encoder",
    "encoders",
    multiple=True,
    metavar="NAME",
    help="An encoder, named as `index` takes it; may be repeated, to compare.",
)
@json_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.html",
    help="Also write a page with tables, plots and the worst misses as pictures.",
)
def command(
    captions: Path,
    folder: Path,
    keys: tuple[str, ...],
    split: str | None,
    encoders: tuple[str, ...],
    as_json: bool,
    report: Path | None,
) -> None:
    """Measure how well encoders find pictures by their captions, and captions by pictures.

    CAPTIONS is a file of lines like {"image": "a.jpg", "en": ["A dog.", "A dog runs."]}; with
    --captions en every caption is a query, and its own picture the only right answer. A picture,
    in turn, asks for any of its captions, and a caption for its siblings, also in other fields.
    Figures come with intervals of 95 % confidence, from a bootstrap over pictures.
    """
    from retrieval.evaluation.captioned import read_captioned

    if report and not report.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {report.parent} to write the report to.")
    captioned = read_captioned(captions, list(dict.fromkeys(keys)), split)
    names = list(dict.fromkeys(encoders)) or [settings().encoder]
    measured = _measure(names, captioned, folder)
    _print(measured, as_json)
    if report:
        _report(report, captions, folder, measured)


def _measure(names: Sequence[str], captioned: Captioned, folder: Path) -> list[Measured]:
    from retrieval.encoders.registry import load_encoder

    # A model that cannot be had is better known now than when the first has done its hours; each
    # is let go of again, since several may not fit into memory.
    for name in names[1:]:
        load_encoder(name)
    return [_measure_one(name, captioned, folder) for name in names]


def _measure_one(name: str, captioned: Captioned, folder: Path) -> Measured:
    from retrieval.encoders.registry import load_encoder
    from retrieval.evaluation.encoding import encode
    from retrieval.evaluation.measure import Model, measure

    encoder = load_encoder(name)
    with ProgressBar(f"Encoding with {name}") as progress:
        progress.total(len(captioned.photos) + sum(len(f.texts) for f in captioned.fields))
        encoded = encode(encoder, captioned, folder, progress.advance)
    return measure(Model.of(encoder), captioned, encoded)


def _print(measured: Sequence[Measured], as_json: bool) -> None:
    if as_json:
        from retrieval.evaluation.body import body

        click.echo(json.dumps(body(measured), indent=2, ensure_ascii=False))
    else:
        from cli.side_by_side import side_by_side

        click.echo(side_by_side(measured))


def _report(report: Path, captions: Path, folder: Path, measured: Sequence[Measured]) -> None:
    from cli.report.page import write_page

    write_page(report, captions.name, folder, measured)
    click.echo(f"The report is in {report}.", err=True)
