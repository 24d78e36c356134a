"""``triptych models``: the encoders to choose from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cli.options import json_option

if TYPE_CHECKING:
    from retrieval.encoders.listing import Listed
    from retrieval.encoders.openclip.published import Recalls, Retrieval

HEADINGS = (
    *("alias", "name", "dim", "pixels", "params", "languages", "licence"),
    *("Flickr30k", "COCO", "here"),
)
RIGHT = {"dim", "pixels", "params", "Flickr30k", "COCO"}


@click.command("models")
@click.option("--all", "everything", is_flag=True, help="All that open_clip names, not the best.")
@json_option
def command(everything: bool, as_json: bool) -> None:
    """List the encoders that `--encoder` takes, by alias or by name.

    Shown are the parameters in millions, the published zero-shot recall@1 from text to image, and
    whether the model is on this machine; `--json` tells more recalls and where they are published.
    An open_clip model in a directory is named openclip:local-dir:PATH.
    """
    from retrieval.encoders.listing import listing

    models = listing(everything=everything)
    if as_json:
        click.echo(json.dumps({"models": [_body(model) for model in models]}, indent=2))
        return
    rows = [HEADINGS, *map(_row, models)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(HEADINGS, row, widths, strict=True)
        click.echo("  ".join(_align(*cell) for cell in cells).rstrip())


def _align(heading: str, cell: str, width: int) -> str:
    return cell.rjust(width) if heading in RIGHT else cell.ljust(width)


def _row(listed: Listed) -> tuple[str, ...]:
    model = listed.model
    return (
        listed.alias or "",
        listed.name,
        str(model.dim),
        str(model.image_size),
        f"{model.millions:.0f}" if model.millions else "",
        model.languages,
        model.licence,
        f"{model.flickr30k.text_to_image.at_1:.3f}" if model.flickr30k else "",
        f"{model.coco.text_to_image.at_1:.3f}" if model.coco else "",
        "yes" if listed.here else "no",
    )


def _body(listed: Listed) -> dict[str, Any]:
    model = listed.model
    return {
        "name": listed.name,
        "alias": listed.alias,
        "dimension": model.dim,
        "image_size": model.image_size,
        "context": model.context,
        "parameters_millions": model.millions,
        "languages": model.languages or None,
        "licence": model.licence or None,
        "flickr30k": _recalls(model.flickr30k),
        "coco": _recalls(model.coco),
        "source": model.source or None,
        "repository": model.repositories.weights or None,
        "on_this_machine": listed.here,
    }


def _recalls(retrieval: Retrieval | None) -> dict[str, dict[str, float]] | None:
    if retrieval is None:
        return None
    ways = (
        ("text_to_image", retrieval.text_to_image),
        ("image_to_text", retrieval.image_to_text),
    )
    return {way: _at(recalls) for way, recalls in ways}


def _at(recalls: Recalls) -> dict[str, float]:
    named = zip((1, 5, 10), recalls, strict=True)
    return {f"recall@{k}": recall for k, recall in named if recall is not None}
