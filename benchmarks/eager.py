"""The built-in encoder's networks in torch, with random weights: as fast, though not as wise."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from retrieval.encoders.builtin import FOLDER, PICTURES, TEXTS, BuiltinEncoder
from retrieval.encoders.networks import Inputs, Networks, Session
from training.e5 import HEADS, INNER, WIDTH
from training.heads import IMAGE_FEATURES, MEANING, TEXT_FEATURES, Head, pool_places
from training.lite import NETWORKS, Lite

READERS = {"e5": (76_019, 12 + 2), "english": (30_522, 4 + 2)}
"""Pieces and layers of each reader, the layers that were trained along included."""


class Eager(BuiltinEncoder):
    """The built-in encoder, but for what computes."""

    def __init__(self) -> None:
        super().__init__()
        self._networks = EagerNetworks(FOLDER, None)


class EagerNetworks(Networks):
    """Networks of torch in the place of files."""

    def __init__(self, folder: Path, threads: int | None) -> None:
        super().__init__(folder, threads)
        self._made: dict[str, nn.Module] = {}

    def begin(self, file: str) -> Session:
        """Open no file."""
        return Future()

    @torch.inference_mode()
    def run(self, file: str, inputs: Inputs) -> NDArray[np.float32]:
        """Compute a network."""
        tensors = {key: torch.from_numpy(rows) for key, rows in inputs.items()}
        if file not in self._made:
            torch.manual_seed(0)
            self._made[file] = MAKERS[file]().eval()
        found: NDArray[np.float32] = self._made[file](tensors).numpy()
        return found


class Pictures(nn.Module):
    """Both picture networks, the last block of the first once more, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.trunks = nn.ModuleList(Lite(name) for name in NETWORKS)
        self.head = Head(IMAGE_FEATURES)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Map uint8 ``[n, 260, 260, 3]`` to ``[n, 512]``."""
        lowers = [trunk.lower(inputs["pixels"]) for trunk in self.trunks]
        pooled = [
            pool_places(trunk.upper(lower))
            for trunk, lower in zip(self.trunks, lowers, strict=True)
        ]
        named = self.trunks[0].upper(lowers[0]).mean((2, 3))[:, :MEANING]
        sight = self.head(torch.cat([*pooled, named], 1))
        return torch.cat([sight, sight], 1)


class Texts(nn.Module):
    """Both readers by torch's own transformer layers, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.readers = nn.ModuleDict({name: _reader(n) for name, (_, n) in READERS.items()})
        self.words = nn.ModuleDict(
            {name: nn.Embedding(pieces, WIDTH) for name, (pieces, _) in READERS.items()}
        )
        self.head = Head(TEXT_FEATURES)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Map token ids with masks to ``[n, 512]``."""
        features = []
        for name, reader in self.readers.items():
            absent = inputs[f"{name}_mask"] == 0
            x = reader(self.words[name](inputs[f"{name}_ids"]), src_key_padding_mask=absent)
            features += [x.mean(1), x.amax(1), x.mean(1), x.amax(1)]
        sight = self.head(torch.cat(features, 1))
        return torch.cat([sight, sight], 1)


def _reader(layers: int) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(
        WIDTH, HEADS, INNER, dropout=0.0, activation="gelu", batch_first=True
    )
    return nn.TransformerEncoder(layer, layers)


MAKERS: Mapping[str, type[nn.Module]] = {PICTURES: Pictures, TEXTS: Texts}
