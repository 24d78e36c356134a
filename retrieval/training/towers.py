"""The towers of an open_clip model, of which the last blocks are trained along with the heads.

Everything before those blocks computes as it always did, without gradients. On a GPU the towers
compute in bfloat16, and weights stay in float32.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from retrieval.decode.pictures import open_picture
from retrieval.errors import InvalidQuery
from retrieval.evaluation.ranking import Ints
from retrieval.settings import settings

CPU_BATCH, GPU_BATCH = 32, 512
PROBED = 8
"""Pairs of the smaller of two steps by which a batch's need of memory is measured."""
SHARE = 0.8
"""How much of a GPU's free memory a step may fill."""


class Towers(nn.Module):
    """A base whose last blocks change in training, and with them its vectors."""

    def __init__(
        self,
        network: Any,
        prepare: Callable[[Any], Tensor],
        files: Sequence[Path],
        tokens: Tensor,
    ) -> None:
        super().__init__()
        self.network: Any = network
        self._prepare, self._files, self._tokens = prepare, files, tokens
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._pool = ThreadPoolExecutor(settings().threads or os.cpu_count(), "decode")
        self.to(self.device)

    def train(self, mode: bool = True) -> Towers:
        """Leave dropout and the statistics of norms as the base has them."""
        return super().train(False)

    def photos(self, rows: Ints) -> Tensor:
        """Encode some photos, opening their files."""
        pixels = torch.stack(list(self._pool.map(self._pixels, rows.tolist())))
        return self._encode(self.network.encode_image, pixels)

    def texts(self, rows: Ints) -> Tensor:
        """Encode some texts."""
        return self._encode(self.network.encode_text, self._tokens[rows])

    def _pixels(self, row: int) -> Tensor:
        return self._prepare(open_picture(self._files[row]).image)

    def _encode(self, tower: Any, inputs: Tensor) -> Tensor:
        on_gpu = self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=on_gpu):
            features = tower(inputs.to(self.device))
        return normalize(features.float(), dim=-1)

    def unfreeze(self, count: int) -> None:
        """Let the last blocks of both towers be trained, and nothing else.

        Raise InvalidQuery where a tower has fewer.
        """
        self.network.requires_grad_(False)
        # The first CLIP's text tower has no module of its own.
        words = self.network.text if hasattr(self.network, "text") else self.network.transformer
        for tower, what in ((self.network.visual, "picture"), (words, "text")):
            blocks = _blocks(tower)
            if len(blocks) < count:
                raise InvalidQuery(
                    f"--unfreeze {count}: the {what} tower has {len(blocks)} transformer blocks."
                )
            for block in blocks[-count:]:
                block.requires_grad_(True)

    def batch(self, pairs: int) -> int:
        """Choose how many pairs fit into a step, on a GPU by a trial of its memory."""
        if self.device.type != "cuda":
            return min(CPU_BATCH, pairs)
        few, more = (self._peak(count) for count in (PROBED, 2 * PROBED))
        torch.cuda.empty_cache()
        free, _ = torch.cuda.mem_get_info(self.device)
        fitting = int(SHARE * free / max((more - few) / PROBED, 1))
        return min(GPU_BATCH, pairs, 1 << max(fitting, 2).bit_length() - 1)

    def _peak(self, count: int) -> int:
        torch.cuda.reset_peak_memory_stats(self.device)
        rows = torch.arange(count).numpy()
        photos, texts = self.photos(rows % len(self._files)), self.texts(rows % len(self._tokens))
        torch.autograd.backward(photos.sum() + texts.sum())
        self.zero_grad()
        return torch.cuda.max_memory_allocated(self.device)


def _blocks(tower: nn.Module) -> Sequence[nn.Module]:
    """Find the longest row of modules that all attend; the innermost of equals."""
    rows = [
        list(module)
        for module in tower.modules()
        if isinstance(module, nn.ModuleList | nn.Sequential) and all(map(_attends, module))
    ]
    return max(reversed(rows), key=len, default=[])


def _attends(block: nn.Module) -> bool:
    return any("attention" in type(module).__name__.lower() for module in block.modules())
