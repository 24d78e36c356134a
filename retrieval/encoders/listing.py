"""What ``--encoder`` takes on this machine: the built-in encoder and open_clip's models.

Whether a model is here is told by its files, without a connection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.encoders.openclip.curated import ALIASES, curated
from retrieval.encoders.openclip.hub import Repositories
from retrieval.encoders.openclip.published import PublishedModel

BUILTIN = Path(__file__).with_name("builtin_v1") / "config.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """An encoder that a user can name."""

    name: str
    """As ``--encoder`` takes it."""
    alias: str | None
    here: bool
    """Whether it needs no network."""
    model: PublishedModel


def listing(*, everything: bool = False) -> tuple[Listed, ...]:
    """List the built-in encoder and the curated models, or every model that open_clip names."""
    models = list(curated())
    if everything:
        # open_clip takes seconds to import, and the curated table does not need it.
        from retrieval.encoders.openclip.named import every_model

        known = {model.name for model in models}
        models += [model for model in every_model() if model.name not in known]
    return (_builtin(), *map(_openclip, models))


def _builtin() -> Listed:
    config = json.loads(BUILTIN.read_bytes())
    model = PublishedModel(
        name=config["name"],
        dim=config["dim"],
        image_size=config["image_size"],
        context=config["text_window"],
        repositories=Repositories(weights=""),
        languages="English, Chinese",
    )
    return Listed(model.name, alias=None, here=True, model=model)


def _openclip(model: PublishedModel) -> Listed:
    name = f"openclip:{model.name}"
    alias = next((alias for alias, meant in ALIASES.items() if meant == name), None)
    return Listed(name, alias, here=model.repositories.here(), model=model)
