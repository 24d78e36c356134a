"""A run from the first epoch to the finished encoder, which may stop at any instant and go on.

What a run becomes follows from its base, its pairs and its recipe alone: stopped and started again
it ends as it would have ended, on a GPU to within its rounding. Only whole epochs are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from retrieval.errors import TrainingError
from retrieval.progress import Progress
from retrieval.settings import settings
from retrieval.training.batches import Batch, Batches
from retrieval.training.checkpoint import Checkpoint, State, load, part, save, under
from retrieval.training.curve import write_curve
from retrieval.training.finished import Finished, write_encoder
from retrieval.training.foundation import Foundation, frozen, unfrozen
from retrieval.training.heads import Adapter, Frozen, Head
from retrieval.training.losses import LOSSES
from retrieval.training.origin import Origin
from retrieval.training.pace import steady
from retrieval.training.recipe import Recipe
from retrieval.training.task import Task
from retrieval.training.trainer import Course, Group, Trainer
from retrieval.training.validation import Curve, HeldOut, Row, best, listed

WARM = 20
"""Steps over which the first ones grow to their length."""
KEEP = 0.95
"""How much of the averaged weights a step leaves as they are."""


def train(task: Task, progress: Progress) -> Finished:
    """Train until the epochs are over or nothing gets better, and write the encoder.

    Raise TrainingError where the directory holds another run, InvalidQuery for an ``unfreeze``
    that cannot be.
    """
    if task.base.name == str(task.place.folder):
        raise TrainingError(f"{task.place.folder} is the base itself: name another --out.")
    kept = load(task.place.checkpoint, task.digest())
    foundation = _foundation(task)
    batch = kept.batch if kept else foundation.batch
    with _threads(settings().threads or foundation.threads), _memory(batch):
        trainer = _trainer(task, foundation, batch, kept)
        curve, weights = _fit(task, trainer, batch, kept, progress)
    trainer.settle(weights)
    return write_encoder(task, trainer.adapter, batch, foundation.write(), curve)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _memory(batch: int) -> Iterator[None]:
    try:
        yield
    except torch.cuda.OutOfMemoryError as error:
        raise TrainingError(
            f"A step of {batch} pairs does not fit into the GPU's memory. Train into another --out "
            f"with a --batch-size below {batch}, or let nothing else use the GPU."
        ) from error


def _foundation(task: Task) -> Foundation:
    if task.recipe.unfreeze:
        return unfrozen(task.base, task.material, task.images, task.place, task.recipe)
    return frozen(task.material, task.recipe)


def _trainer(task: Task, foundation: Foundation, batch: int, kept: Checkpoint | None) -> Trainer:
    material, recipe = task.material, task.recipe
    adapter = _adapter(task, foundation)
    origin = Origin(Frozen(torch.from_numpy(material.photos), torch.from_numpy(material.texts)))
    batches = Batches(material.trained, batch, recipe.seed)
    if not kept:
        origin.calibrate(adapter, next(batches.epoch(1)), recipe.loss)
    trainer = Trainer(adapter, batches, _course(recipe, origin))
    if kept:
        trainer.restore(kept.state)
    return trainer


def _adapter(task: Task, foundation: Foundation) -> Adapter:
    dim, dropout = task.base.dim, task.recipe.dropout
    with torch.random.fork_rng([]):
        torch.manual_seed(task.recipe.seed)
        adapter = Adapter(foundation.base, Head(dim, dropout), Head(dim, dropout))
    return adapter.to(foundation.device)


def _course(recipe: Recipe, origin: Origin) -> Course:
    groups = (
        Group(("image.", "text."), recipe.rate, recipe.decay),
        Group(("log_scale", "shift"), recipe.rate, 0.0),
        Group(("base.",), recipe.tower_rate, 0.0),
    )

    def penalty(batch: Batch, photos: Tensor, texts: Tensor) -> Tensor:
        return recipe.keep * origin.drift(batch, photos, texts)

    return Course(groups, LOSSES[recipe.loss], steady(WARM), KEEP, recipe.seed, penalty)


def _fit(
    task: Task, trainer: Trainer, batch: int, kept: Checkpoint | None, progress: Progress
) -> tuple[Curve, State]:
    """Train to the end, and give the weights of the best epoch too."""
    held = HeldOut.of(task.material.validated)
    curve = kept.curve if kept else (_base_row(task, held),)
    chosen = part("best", kept.state) if kept else trainer.average()
    progress.total(task.recipe.epochs)
    progress.advance(curve[-1].epoch)
    progress.note(("Going on after " if kept else "The base is ") + _words(curve[-1]))
    digest = task.digest()
    while not _finished(curve, task.recipe):
        number = curve[-1].epoch + 1
        loss = trainer.epoch(number)
        curve = (*curve, held.measure(number, loss, *trainer.vectors(held.photos, held.texts)))
        if best(curve) is curve[-1]:
            chosen = trainer.average()
        state = {**trainer.state(), **under("best", chosen)}
        save(task.place.checkpoint, Checkpoint(digest, batch, curve, state))
        write_curve(task.place.curve, curve)
        progress.advance()
        progress.note(_words(curve[-1]))
    return curve, chosen


def _base_row(task: Task, held: HeldOut) -> Row:
    material = task.material
    return held.measure(0, None, material.photos[held.photos], material.texts[held.texts])


def _finished(curve: Curve, recipe: Recipe) -> bool:
    done = curve[-1].epoch
    return done >= recipe.epochs or done - best(curve).epoch >= recipe.patience


def _words(row: Row) -> str:
    loss = "" if row.loss is None else f", loss {row.loss:.3f}"
    return f"epoch {row.epoch}{loss}: {listed(row)}"
