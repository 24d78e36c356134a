"""The encoder that a run ends with, as a directory that ``retrieval.encoders.adapted`` reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from retrieval.durable import replacing
from retrieval.encoders.adapted import Identity, Manifest, Tensors, digest
from retrieval.training.card import card
from retrieval.training.curve import write_curve
from retrieval.training.heads import Adapter
from retrieval.training.task import Task
from retrieval.training.validation import Curve, Row, best


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a run."""

    folder: Path
    card: Path
    fingerprint: str
    before: Row
    after: Row
    """The epoch that was kept."""
    epochs: int
    """How many were trained."""


def write_encoder(
    task: Task, adapter: Adapter, batch: int, towers: str | None, curve: Curve
) -> Finished:
    """Write heads, configuration, card and curve, the configuration last."""
    tensors = _tensors(adapter)
    manifest = _manifest(task, tensors, towers)
    with replacing(task.place.heads) as file:
        file.write_bytes(save(dict(tensors)))
    write_curve(task.place.curve, curve)
    with replacing(task.place.card) as file:
        file.write_text(card(task, manifest, batch, curve), "utf-8")
    with replacing(task.place.config) as file:
        file.write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    return Finished(
        task.place.folder,
        task.place.card,
        manifest.fingerprint,
        curve[0],
        best(curve),
        curve[-1].epoch,
    )


def _tensors(adapter: Adapter) -> Tensors:
    heads = {"image": adapter.image, "text": adapter.text}
    return {
        f"{tower}.{name}": np.ascontiguousarray(tensor.cpu().numpy())
        for tower, head in heads.items()
        for name, tensor in head.state_dict().items()
    }


def _manifest(task: Task, tensors: Tensors, towers: str | None) -> Manifest:
    base = task.base
    return Manifest(
        fingerprint=digest(tensors, towers or base.fingerprint),
        dim=base.dim,
        base=Identity(name=base.name, revision=base.revision, fingerprint=base.fingerprint),
        towers=towers,
    )
