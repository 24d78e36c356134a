"""Takes the steps of an epoch, and keeps the weights averaged over the last of them.

The averaged weights are what is measured and kept: they are better than those of any one step and
jump about less. What an epoch draws at random follows from the seed and its number alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from retrieval.encoders.protocol import Vectors
from retrieval.evaluation.ranking import Ints
from retrieval.training.batches import Batch
from retrieval.training.checkpoint import State, part, under
from retrieval.training.heads import Adapter
from retrieval.training.losses import Loss
from retrieval.training.pace import Pace

AT_ONCE = 256
"""Photos or texts that are measured at once."""

Penalty = Callable[[Batch, Tensor, Tensor], Tensor]
"""What the vectors of a batch's photos and texts cost beside the loss."""


class Epochs(Protocol):
    """What is trained on, again and again."""

    def __len__(self) -> int:
        """Count the batches of an epoch."""

    def epoch(self, number: int) -> Iterator[Batch]:
        """Give the batches of an epoch, which its number and a seed decide."""


@dataclass(frozen=True, slots=True)
class Group:
    """The parameters that are trained alike."""

    names: tuple[str, ...]
    """How theirs begin."""
    rate: float
    """How far a step moves them at the full pace."""
    decay: float


@dataclass(frozen=True, slots=True)
class Course:
    """How an adapter is trained; a parameter in none of the groups is not."""

    groups: Sequence[Group]
    loss: Loss
    pace: Pace
    keep: float
    """How much of the averaged weights a step leaves as they are."""
    seed: int
    penalty: Penalty


class Trainer:
    """An adapter in training."""

    def __init__(self, adapter: Adapter, batches: Epochs, course: Course) -> None:
        self.adapter, self._batches, self._course = adapter, batches, course
        named = tuple(name for group in course.groups for name in group.names)
        self._trained = {
            name: parameter
            for name, parameter in adapter.named_parameters()
            if parameter.requires_grad and name.startswith(named)
        }
        self._average = self._copied()
        self._optimiser = _optimiser(self._trained, course.groups)

    def epoch(self, number: int) -> float:
        """Train on all batches once and give the mean loss; the first epoch is 1."""
        losses = []
        step = (number - 1) * len(self._batches)
        self.adapter.train()
        device = self.adapter.shift.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(self._course.seed * 1_000_003 + number)
            for batch in self._batches.epoch(number):
                losses.append(self._step(batch, step))
                step += 1
        return float(np.mean(losses))

    def average(self) -> State:
        """Copy the averaged weights."""
        return {name: tensor.clone() for name, tensor in self._average.items()}

    def settle(self, weights: State) -> None:
        """Put weights in the adapter's place, for good."""
        self._put(weights)
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
        state = under("now", self._copied()) | under("average", self._average)
        for i, moments in self._optimiser.state_dict()["state"].items():
            state |= under(f"adam/{i}", moments)
        return state

    def restore(self, state: State) -> None:
        """Go on from what ``state`` gave."""
        self._put(part("now", state))
        average = part("average", state)
        self._average = {name: average[name].to(p.device) for name, p in self._trained.items()}
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in part("adam", state).items():
            i, key = name.split("/")
            moments.setdefault(int(i), {})[key] = tensor
        self._optimiser.load_state_dict({**self._optimiser.state_dict(), "state": moments})

    def _step(self, batch: Batch, step: int) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = group["full_rate"] * self._course.pace(step)
        loss, penalty = self._losses(batch)
        self._optimiser.zero_grad()
        torch.autograd.backward(loss + penalty)
        nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimiser.step()
        self._follow(min(self._course.keep, (step + 1) / (step + 10)))
        return loss.item()

    def _losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        photos, texts = self.adapter.photos(batch.photos), self.adapter.texts(batch.texts)
        same = torch.from_numpy(batch.same).to(photos.device)
        loss = self._course.loss(self.adapter.logits(texts @ photos.T), same)
        return loss, self._course.penalty(batch, photos, texts)

    @torch.no_grad()
    def _follow(self, keep: float) -> None:
        for name, parameter in self._trained.items():
            self._average[name].lerp_(parameter, 1 - keep)

    def _copied(self) -> dict[str, Tensor]:
        return {name: p.detach().clone() for name, p in self._trained.items()}

    @torch.no_grad()
    def _put(self, weights: State) -> None:
        for name, parameter in self._trained.items():
            parameter.copy_(weights[name])


def _optimiser(trained: dict[str, nn.Parameter], groups: Sequence[Group]) -> torch.optim.Optimizer:
    settings = [
        {
            "params": [p for name, p in trained.items() if name.startswith(group.names)],
            "full_rate": group.rate,
            "weight_decay": group.decay,
        }
        for group in groups
    ]
    return torch.optim.AdamW([s for s in settings if s["params"]], betas=(0.9, 0.98))


def _rows(encode: Callable[[Ints], Tensor], rows: Ints) -> Vectors:
    parts = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    return np.vstack([encode(part).float().cpu().numpy() for part in parts])
