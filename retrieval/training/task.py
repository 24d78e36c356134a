"""What is to be trained, on what, and where to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from retrieval.encoders.protocol import Encoder
from retrieval.training.material import Material
from retrieval.training.recipe import Recipe
from retrieval.training.workplace import Workplace


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """All that a run starts from."""

    base: Encoder
    material: Material
    images: Path
    """The folder that the photos' names are relative to."""
    place: Workplace
    recipe: Recipe
    source: str
    """What the model card calls the pairs."""

    def digest(self) -> str:
        """Tell this run from others."""
        parts = [self.base.fingerprint, self.material.pairs.digest(), self.recipe.trajectory()]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
