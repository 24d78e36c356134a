"""Takes the steps of an epoch, and keeps the weights averaged over the last of them.

The averaged weights are what is measured and kept: they are better than those of any one step and
jump about less. An epoch's dropout and order follow from the seed and its number alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from retrieval.encoders.protocol import Vectors
from retrieval.evaluation.ranking import Ints
from retrieval.training.batches import Batch, Batches
from retrieval.training.checkpoint import State
from retrieval.training.heads import Adapter, Base
from retrieval.training.losses import LOSSES, drift, sigmoid
from retrieval.training.recipe import Recipe

WARM = 20
"""Steps over which the first ones grow to their length."""
KEEP = 0.95
"""How much of the averaged weights a step leaves as they are."""
SCALE, SHIFT = 10.0, -10.0
"""Where the search for a fitting scale, and for sigmoid a shift, begins."""
CALIBRATED = 200
"""Steps of that search."""
AT_ONCE = 256
"""Photos or texts that are measured at once."""


class Trainer:
    """An adapter in training; ``origin`` gives the vectors it started from."""

    def __init__(self, adapter: Adapter, origin: Base, batches: Batches, recipe: Recipe) -> None:
        self.adapter, self._origin, self._batches, self._recipe = adapter, origin, batches, recipe
        self._loss = LOSSES[recipe.loss]
        self._trained = {n: p for n, p in adapter.named_parameters() if p.requires_grad}
        self._average = self._copied()
        self._best = self._copied()
        self._optimiser = _optimiser(self._trained, recipe)

    def calibrate(self) -> None:
        """Set scale and shift to what suits the base, so that heads learn from the first step."""
        batch = next(self._batches.epoch(1))
        device = self.adapter.shift.device
        cosines = self._origin.texts(batch.texts) @ self._origin.photos(batch.photos).T
        cosines, same = cosines.to(device), torch.from_numpy(batch.same).to(device)
        with torch.no_grad():
            self.adapter.log_scale.fill_(math.log(SCALE))
            self.adapter.shift.fill_(SHIFT if self._loss is sigmoid else 0.0)
        optimiser = torch.optim.Adam([self.adapter.log_scale, self.adapter.shift], lr=0.05)
        for _ in range(CALIBRATED):
            optimiser.zero_grad()
            torch.autograd.backward(self._loss(self.adapter.logits(cosines), same))
            optimiser.step()
        self._average = self._copied()
        self._best = self._copied()

    def epoch(self, number: int) -> float:
        """Train on all pairs once and give the mean contrastive loss; the first epoch is 1."""
        losses = []
        step = (number - 1) * len(self._batches)
        self.adapter.train()
        device = self.adapter.shift.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(self._recipe.seed * 1_000_003 + number)
            for batch in self._batches.epoch(number):
                losses.append(self._step(batch, step))
                step += 1
        return float(np.mean(losses))

    def keep_best(self) -> None:
        """Take the averaged weights for the best so far."""
        self._best = {name: tensor.clone() for name, tensor in self._average.items()}

    def use_best(self) -> None:
        """Put the best weights in the adapter's place, for good."""
        self._put(self._best)
        self.adapter.eval()

    def vectors(self, photos: Ints, texts: Ints) -> tuple[Vectors, Vectors]:
        """Encode some photos and texts by the averaged weights."""
        now = self._copied()
        self._put(self._average)
        self.adapter.eval()
        with torch.inference_mode():
            found = _rows(self.adapter.photos, photos), _rows(self.adapter.texts, texts)
        self._put(now)
        return found

    def state(self) -> State:
        """Give all that the next epoch depends on."""
        parts = {"now": self._copied(), "average": self._average, "best": self._best}
        state = {f"{part}/{n}": t for part, tensors in parts.items() for n, t in tensors.items()}
        for i, moments in self._optimiser.state_dict()["state"].items():
            state |= {f"adam/{i}/{name}": tensor for name, tensor in moments.items()}
        return state

    def restore(self, state: State) -> None:
        """Go on from what ``state`` gave."""
        self._put(_part(state, "now"))
        self._average, self._best = (self._placed(_part(state, p)) for p in ("average", "best"))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _part(state, "adam").items():
            i, key = name.split("/")
            moments.setdefault(int(i), {})[key] = tensor
        self._optimiser.load_state_dict({**self._optimiser.state_dict(), "state": moments})

    def _step(self, batch: Batch, step: int) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = group["full_rate"] * min(1.0, (step + 1) / WARM)
        loss, penalty = self._losses(batch)
        self._optimiser.zero_grad()
        torch.autograd.backward(loss + penalty)
        nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimiser.step()
        self._follow(min(KEEP, (step + 1) / (step + 10)))
        return loss.item()

    def _losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        photos, texts = self.adapter.photos(batch.photos), self.adapter.texts(batch.texts)
        same = torch.from_numpy(batch.same).to(photos.device)
        loss = self._loss(self.adapter.logits(texts @ photos.T), same)
        moved = drift(self._origin.photos(batch.photos).to(photos.device), photos)
        moved = moved + drift(self._origin.texts(batch.texts).to(texts.device), texts)
        return loss, self._recipe.keep * moved

    @torch.no_grad()
    def _follow(self, keep: float) -> None:
        for name, parameter in self._trained.items():
            self._average[name].lerp_(parameter, 1 - keep)

    def _placed(self, weights: State) -> dict[str, Tensor]:
        return {name: weights[name].to(p.device) for name, p in self._trained.items()}

    def _copied(self) -> dict[str, Tensor]:
        return {name: p.detach().clone() for name, p in self._trained.items()}

    @torch.no_grad()
    def _put(self, weights: State) -> None:
        for name, parameter in self._trained.items():
            parameter.copy_(weights[name])


def _optimiser(trained: dict[str, nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    towers = [p for name, p in trained.items() if name.startswith("base.")]
    heads = [p for name, p in trained.items() if name.startswith(("image.", "text."))]
    rest = [trained["log_scale"], trained["shift"]]
    groups = [
        {"params": heads, "full_rate": recipe.rate, "weight_decay": recipe.decay},
        {"params": rest, "full_rate": recipe.rate, "weight_decay": 0.0},
        {"params": towers, "full_rate": recipe.tower_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], betas=(0.9, 0.98))


def _rows(encode: Callable[[Ints], Tensor], rows: Ints) -> Vectors:
    parts = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    return np.vstack([encode(part).float().cpu().numpy() for part in parts])


def _part(state: State, part: str) -> dict[str, Tensor]:
    return {n.removeprefix(f"{part}/"): t for n, t in state.items() if n.startswith(f"{part}/")}
