"""``triptych train``: an encoder of one's own, from captioned pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import images_option
from cli.progress import ProgressBar

if TYPE_CHECKING:
    from retrieval.training.finished import Finished
    from retrieval.training.pairs import Pairs
    from retrieval.training.recipe import Recipe
    from retrieval.training.workplace import Workplace


@click.command("train")
@click.argument("pairs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@images_option
@click.option(
    "--captions",
    "keys",
    multiple=True,
    metavar="KEY",
    help="A field with captions; may be repeated. Without it, all of the first line's.",
)
@click.option(
    "--base",
    default="builtin",
    show_default=True,
    metavar="NAME",
    help="builtin, openclip:NAME/TAG, openclip:local-dir:PATH, or what this made before.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory for the encoder; a run that was stopped there goes on.",
)
@click.option(
    "--loss",
    type=click.Choice(["infonce", "sigmoid"]),
    default="infonce",
    show_default=True,
    help="The contrastive loss: CLIP's or SigLIP's.",
)
@click.option(
    "--unfreeze",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also train the last N transformer blocks of both towers of an open_clip model.",
)
@click.option(
    "--validate",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    metavar="SHARE",
    help='The share of photos held out, unless lines say "split": "dev" or "val".',
)
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    help="The most epochs. A finished run goes on when this is raised.",
)
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Stop after so many epochs without a better one.",
)
@click.option(
    "--batch-size",
    "batch",
    type=click.IntRange(min=2),
    show_default="by the number of pairs, and by memory",
    help="Pairs in a step.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    default=1e-3,
    show_default=True,
    help="The learning rate of the heads.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
def command(
    pairs: Path,
    folder: Path,
    keys: tuple[str, ...],
    base: str,
    out: Path,
    loss: str,
    unfreeze: int,
    validate: float,
    epochs: int,
    patience: int,
    batch: int | None,
    rate: float,
    seed: int,
) -> None:
    """Train an encoder on your own captioned pictures; a few hundred pairs will do.

    PAIRS is a file of lines like {"image": "a.jpg", "en": ["A dog.", "A dog runs."]}, as `triptych
    evaluate` takes it. A line may have a "split": photos of "dev" and "val" are held out to
    measure on, photos of "test" are left out.

    Every photo and caption is encoded once by the base; then two small networks are trained that
    add to its vectors. With --unfreeze, part of an open_clip model itself is trained along, which
    takes a GPU or patience. Of all epochs the best on the photos held out is kept.

    Ctrl-C stops it, and the same command goes on from there to the same result. What comes out is
    a directory that `triptych index --encoder OUT` takes, and whatever else names an encoder.
    """
    from retrieval.training.pairs import read_pairs
    from retrieval.training.recipe import Recipe
    from retrieval.training.workplace import workplace

    recipe = Recipe(loss, unfreeze, epochs, patience, batch, rate, seed=seed)
    captioned = read_pairs(pairs, keys, validate, seed)
    with workplace(out) as place:
        finished = _train(captioned, folder, base, place, recipe, pairs.name)
    click.echo(f"The encoder is in {finished.folder}; see {finished.card.name} there.")
    click.echo("recall@1/5/10 on the photos held out, before and after:")
    click.echo(_summary(finished))


def _train(
    pairs: Pairs, images: Path, base: str, place: Workplace, recipe: Recipe, source: str
) -> Finished:
    from retrieval.encoders.registry import load_encoder
    from retrieval.training.material import encode_pairs
    from retrieval.training.shards import Shards

    encoder = load_encoder(base)
    recipe.demand_fit(encoder)
    with ProgressBar("Encoding") as progress:
        shards = Shards(place.vectors, encoder.fingerprint)
        material = encode_pairs(encoder, pairs, images, shards, progress)
    for failure in material.left_out:
        click.echo(f"Left out: {failure.path}: {failure.reason}", err=True)

    # Only here, since torch takes seconds to import.
    from retrieval.training.run import train
    from retrieval.training.task import Task

    with ProgressBar("Training") as progress:
        return train(Task(encoder, material, images, place, recipe, source), progress)


def _summary(finished: Finished) -> str:
    from retrieval.training.validation import percent

    after = finished.after.directions()
    return "\n".join(
        f"{what}  {percent(figures)} %  →  {percent(after[what])} %"
        for what, figures in finished.before.directions().items()
    )
