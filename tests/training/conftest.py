"""What the tests of training share: a few runs, and vectors that cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from retrieval.encoders.protocol import Encoder
from retrieval.training.finished import Finished
from retrieval.training.material import encode_pairs
from retrieval.training.pairs import read_pairs
from retrieval.training.recipe import Recipe
from retrieval.training.run import train
from retrieval.training.shards import Shards
from retrieval.training.task import Task
from retrieval.training.validation import HeldOut, Row
from retrieval.training.workplace import workplace
from tests.fakes import FakeEncoder
from tests.training.drawings import draw

Run = Callable[..., Finished]


class Watcher:
    """A Progress that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.steps = 0

    def total(self, steps: int) -> None:
        self.steps -= steps

    def advance(self, steps: int = 1) -> None:
        self.steps += steps

    def note(self, text: str) -> None:
        self.notes.append(text)


def measured(encoder: Encoder, pairs: Path) -> Row:
    """Measure an encoder on the photos that ``run`` holds out."""
    shards = Shards(pairs.parent / "measured", encoder.fingerprint)
    read = read_pairs(pairs, [], 0.2, 0)
    material = encode_pairs(encoder, read, pairs.parent / "images", shards, Watcher())
    held = HeldOut.of(material.validated)
    return held.measure(0, None, material.photos[held.photos], material.texts[held.texts])


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Keep small products from waiting for threads that other processes hold up."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the captions of 240 drawings; the pictures are in ``images`` beside them."""
    return draw(tmp_path_factory.mktemp("drawings"), 240)


@pytest.fixture
def run(drawings: Path, tmp_path: Path) -> Run:
    """Give a function that trains on the drawings."""

    def run(
        out: str = "out",
        encoder: Encoder | None = None,
        watcher: Watcher | None = None,
        pairs: Path = drawings,
        **settings: object,
    ) -> Finished:
        recipe = Recipe(**{"epochs": 8, **settings})
        base = encoder or FakeEncoder()
        watcher = watcher or Watcher()
        with workplace(tmp_path / out) as place:
            read = read_pairs(pairs, [], 0.2, recipe.seed)
            shards = Shards(place.vectors, base.fingerprint)
            images = drawings.parent / "images"
            material = encode_pairs(base, read, images, shards, watcher)
            return train(Task(base, material, images, place, recipe, "pairs.jsonl"), watcher)

    return run
