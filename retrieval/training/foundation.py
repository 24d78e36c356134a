"""What the heads stand on: vectors of a base that stays as it is, or towers that learn along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from retrieval.encoders.protocol import Encoder
from retrieval.errors import TrainingError
from retrieval.training.heads import Base, Frozen
from retrieval.training.material import Material
from retrieval.training.recipe import OPENCLIP, Recipe
from retrieval.training.workplace import Workplace

ALONE = 128
"""Pairs in a step below which threads wait for each other longer than they compute."""


@dataclass(frozen=True, slots=True, eq=False)
class Foundation:
    """A base for heads in training."""

    base: Base
    device: torch.device
    batch: int
    """Pairs that a step should have."""
    threads: int
    """Threads for a step; 0 leaves it to torch."""
    write: Callable[[], str | None]
    """Write what has changed of the base, and give its fingerprint; None where nothing has."""


def frozen(material: Material, recipe: Recipe) -> Foundation:
    """Stand on the vectors that the base gave."""
    vectors = Frozen(torch.from_numpy(material.photos), torch.from_numpy(material.texts))
    batch = recipe.batch_for(len(material.trained))
    return Foundation(vectors, torch.device("cpu"), batch, int(batch < ALONE), lambda: None)


def unfrozen(
    encoder: Encoder, material: Material, folder: Path, place: Workplace, recipe: Recipe
) -> Foundation:
    """Stand on the towers of an open_clip model, the last blocks of which are trained along.

    The finished encoder gets a whole copy of the model. That the copy is the same model is known
    before hours are spent, not after. Raise InvalidQuery for any other base.
    """
    recipe.demand_fit(encoder)
    from retrieval.encoders.openclip.checkpoint import find
    from retrieval.encoders.openclip.encoder import OpenClipEncoder, load_network
    from retrieval.encoders.openclip.tokenizer import read_words
    from retrieval.training.copies import write_copy
    from retrieval.training.towers import Towers

    checkpoint = find(encoder.name.removeprefix(OPENCLIP))
    network, prepare = load_network(checkpoint)
    files = [folder / photo for photo in material.pairs.photos]
    tokens = read_words(checkpoint).tensor(material.pairs.texts)
    towers = Towers(network, prepare, files, tokens)
    towers.unfreeze(recipe.unfreeze)

    def write() -> str:
        write_copy(checkpoint, network, place.towers)
        return OpenClipEncoder(f"local-dir:{place.towers}", "fp32").fingerprint

    if not place.checkpoint.exists() and write() != encoder.fingerprint:
        raise TrainingError(
            f"A copy of {encoder.name} in {place.towers} would not be the same model, so that its "
            "blocks cannot be trained. Leave --unfreeze out, to train heads on its vectors."
        )
    batch = recipe.batch or towers.batch(len(material.trained))
    return Foundation(towers, towers.device, batch, 0, write)
