"""Train the two heads with a contrastive loss on cached features.

The loss is symmetric InfoNCE (Oord et al. 2018; Radford et al. 2021) with a learned temperature.
A photo brings several captions, in both languages, and all of them are its positives; photos of
one class share theirs, so none is pushed away from its own name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from retrieval.training.heads import Adapter
from retrieval.training.trainer import Trainer
from training.banks import TextBank, image_features, likely_names
from training.batches import Batches
from training.config import read_config
from training.dev import Dev
from training.features import CACHE
from training.heads import IMAGE_FEATURES, MEANING, TEXT_FEATURES, Head
from training.lite import NETWORKS, load_networks
from training.meaning import fit_meaning
from training.photos import read_photos
from training.stage import HEADS, course, digest, options, train, write_trained
from training.views import Features, View, Views

TEMPERATURE = 0.07
"""Where the learned one begins."""


def meaning_of_names(bank: TextBank) -> Tensor:
    """Give the meaning of ImageNet's names, ``[1000, 255]``."""
    meaning = fit_meaning(bank.pool(bank.learnable()), MEANING)
    return torch.from_numpy(meaning(bank.pool(bank.groups["classes"])))


def pooled_views(weights: Path, views: Sequence[str], names: Tensor) -> list[View]:
    """Give the features of every photo, each view whole and in its windows."""
    networks = load_networks(weights)
    found: list[View] = []
    for view in views:
        pooled = [image_features(networks[name], view, name) for name in NETWORKS]
        named = likely_names(networks[NETWORKS[0]], view, names)
        found += [(*parts, named) for parts in zip(*pooled, strict=True)]
    return found


def untrained(features: Features, bank: TextBank, batches: Batches, dropout: float) -> Adapter:
    """Make heads that standardise features by those trained on."""
    image, text = Head(IMAGE_FEATURES, dropout), Head(TEXT_FEATURES, dropout)
    image.standardise_by(features.eval().photos(batches.rows))
    text.standardise_by(bank.features[bank.rows(bank.learnable())])
    adapter = Adapter(features, image, text)
    torch.nn.init.constant_(adapter.log_scale, math.log(1 / TEMPERATURE))
    return adapter


def main() -> None:
    """Train one pair of heads on frozen features and write ``heads.safetensors``."""
    args = options(__doc__).parse_args()
    config, photos = read_config(args.config), read_photos(args.data)
    stage, bank = config.heads, TextBank(CACHE / "texts")
    torch.set_num_threads(args.threads)
    torch.manual_seed(config.seed)
    names = meaning_of_names(bank)
    features = Features(Views(pooled_views(args.weights, config.views, names)), bank.features)
    batches = Batches(photos, bank.row, stage.batch, config.seed)
    adapter = untrained(features, bank, batches, stage.dropout)
    trainer = Trainer(adapter, batches, course(stage, config.seed, len(batches)))
    checkpoint, run = args.out / "heads.checkpoint.safetensors", digest(config, stage, photos)
    train(trainer, Dev(photos, bank.row), stage, checkpoint, run)
    write_trained(args.out / HEADS, adapter.state_dict(), names)


if __name__ == "__main__":
    main()
