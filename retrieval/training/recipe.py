"""How to train: everything besides the data and the base that decides what comes out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from retrieval.encoders.protocol import Encoder
from retrieval.errors import InvalidQuery

OPENCLIP = "openclip:"
LEAST_BATCH, MOST_BATCH = 16, 512
STEPS = 16
"""Steps that an epoch of few pairs should have, at the cost of smaller batches."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a run; one that differs in any but ``epochs`` and ``patience`` is another."""

    loss: str = "infonce"
    """``infonce`` or ``sigmoid``."""
    unfreeze: int = 0
    """Transformer blocks of each tower, from the last, that train along."""
    epochs: int = 60
    patience: int = 8
    """Epochs without a better one after which training ends."""
    batch: int | None = None
    """Pairs in a step; None chooses by their number or by memory."""
    rate: float = 1e-3
    """How far a step moves the heads' weights."""
    tower_rate: float = 1e-5
    """How far a step moves weights of the base."""
    decay: float = 0.1
    dropout: float = 0.5
    keep: float = 10.0
    """How much it costs to change which photos, and which texts, are like each other."""
    seed: int = 0

    def demand_fit(self, base: Encoder) -> None:
        """Raise InvalidQuery for a base whose towers cannot be trained, where they are to be."""
        if self.unfreeze and not base.name.startswith(OPENCLIP):
            raise InvalidQuery(
                f"--unfreeze needs the towers of an open_clip model, and {base.name} is none: what "
                "it was trained from is not part of it, only what computes vectors. Leave "
                "--unfreeze out, so that heads are trained on its vectors, or name a base such as "
                "openclip:ViT-B-32/laion2b_s34b_b79k."
            )

    def trajectory(self) -> dict[str, object]:
        """Give the settings that decide what an epoch does, but not how many there are."""
        settings = asdict(self)
        return {name: settings[name] for name in settings.keys() - {"epochs", "patience"}}

    def batch_for(self, pairs: int) -> int:
        """Choose the pairs of a step where vectors are at hand and memory sets no bound."""
        return self.batch or min(max(pairs // STEPS, LEAST_BATCH), MOST_BATCH)
