"""Copies of an open_clip model that stand by themselves: ``openclip:local-dir:PATH`` loads them.

Weights, architecture, preprocessing and tokenizer travel together, so that the copy still works
where the original is not.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import nn

from retrieval.durable import replacing
from retrieval.encoders.openclip.checkpoint import Checkpoint
from retrieval.encoders.openclip.directory import CONFIG

WEIGHTS = "open_clip_model.safetensors"
KEPT = (".json", ".model", ".txt")
"""Kinds of files that a tokenizer consists of."""


def write_copy(checkpoint: Checkpoint, network: nn.Module, folder: Path) -> None:
    """Write a model with a network's present weights to a directory."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in filter(None, (checkpoint.tokenizer, checkpoint.text_config)):
        for file in source.iterdir():
            if file.suffix in KEPT and file.name != CONFIG:
                shutil.copyfile(file, folder / file.name)
    # Cloned, since weights that share their memory cannot be written.
    weights = {name: tensor.cpu().clone() for name, tensor in network.state_dict().items()}
    with replacing(folder / WEIGHTS) as file:
        file.write_bytes(save(weights))
    with replacing(folder / CONFIG) as file:
        file.write_text(json.dumps(_config(checkpoint), indent=2), "utf-8")


def _config(checkpoint: Checkpoint) -> dict[str, Any]:
    given = asdict(checkpoint.preprocessing)
    architecture = dict(checkpoint.architecture)
    if checkpoint.quick_gelu:
        architecture["quick_gelu"] = True
    prepared = {field: value for field, value in given.items() if value is not None}
    return {"model_cfg": architecture, "preprocess_cfg": prepared}
