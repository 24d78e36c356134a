"""The model card: what the encoder is, what it was trained on and how good it is, for people."""

from __future__ import annotations

from importlib.metadata import version

from retrieval.encoders.adapted import Manifest
from retrieval.training.task import Task
from retrieval.training.validation import Curve, best, percent


def card(task: Task, manifest: Manifest, batch: int, curve: Curve) -> str:
    """Write the card in Markdown."""
    parts = [
        f"# {task.place.folder.name}: an encoder trained on one's own pictures",
        _origin(task, manifest),
        "## Data\n\n" + _data(task),
        "## Figures\n\n" + _figures(curve),
        "![Recall over the epochs](curve.svg)",
        "## Settings\n\n" + _settings(task, batch, curve),
        "## Use\n\n" + _use(task),
    ]
    return "\n\n".join(parts) + "\n"


def _origin(task: Task, manifest: Manifest) -> str:
    base = manifest.base
    towers = (
        f"The last {task.recipe.unfreeze} transformer blocks of both towers were trained along; "
        "`towers/` is a whole copy of the model with them. "
        if manifest.towers
        else "Nothing in the base was changed, and it is needed to use this encoder. "
    )
    return (
        f"Base: `{base.name}`, revision `{base.revision}`, fingerprint `{base.fingerprint}`. "
        f"{towers}On its vectors of {manifest.dim} components stand two small networks, one for "
        "pictures and one for words, whose results are added to them. "
        f"Fingerprint of the whole: `{manifest.fingerprint}`. Trained by Triptych "
        f"{version('triptych')}."
    )


def _data(task: Task) -> str:
    material = task.material
    held_out = int(material.pairs.held_out.sum())
    return (
        f"`{task.source}`: {len(material.trained)} pairs of "
        f"{len(material.pairs.photos) - held_out} photos to train on; {len(material.validated)} "
        f"pairs of {held_out} photos held out. {len(material.left_out)} photos or captions could "
        "not be used."
    )


def _figures(curve: Curve) -> str:
    before, after = curve[0].directions(), best(curve).directions()
    rows = [f"| {what} | {percent(before[what])} | {percent(after[what])} |" for what in before]
    return (
        "On the photos held out, which also chose the epoch, so expect a little less on others of "
        "their sort. On pictures of another sort it may be worse than its base: measure both with "
        "`triptych evaluate`. Recall@1/5/10 in %:\n\n"
        f"| | base | epoch {best(curve).epoch} |\n|---|---|---|\n" + "\n".join(rows)
    )


def _settings(task: Task, batch: int, curve: Curve) -> str:
    settings = {
        **task.recipe.trajectory(),
        "batch": batch,
        "epochs trained": curve[-1].epoch,
        "most epochs": task.recipe.epochs,
        "patience": task.recipe.patience,
    }
    lines = [f"| {name.replace('_', ' ')} | {value} |" for name, value in sorted(settings.items())]
    return "| setting | value |\n|---|---|\n" + "\n".join(lines)


def _use(task: Task) -> str:
    folder = task.place.folder.name
    return (
        f"```sh\ntriptych index ~/Pictures --library ~/library --encoder {folder}\n```\n\n"
        "`work/` is only needed to go on training. It holds vectors of the training pictures: "
        "leave it out when you pass the encoder on."
    )
