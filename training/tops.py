"""The uppermost parts of both frozen networks, copied so that they can be trained.

The copies serve sight alone; meaning, and what the classifier would call a picture, keep the
published weights. They start as those weights, so training starts where the heads alone ended.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.e5 import HEADS, INNER, WIDTH, Weights
from training.heads import pool_places
from training.lite import NETWORKS, Lite
from training.texts import TRAINED

CHUNK = 128
"""Texts of similar length that run together."""
LOW = -1e4


class Layer(nn.Module):
    """One transformer layer of a reader."""

    def __init__(self, weights: Weights, i: int) -> None:
        super().__init__()
        for key, (inputs, outputs) in SHAPES.items():
            linear = nn.Linear(inputs, outputs)
            linear.weight.data = torch.from_numpy(weights.blocks[f"l{i}.{key}.w"].floats())
            linear.bias.data = torch.from_numpy(weights.floats[f"l{i}.{key}.b"].copy())
            setattr(self, key, linear)
        for key in ("aln", "oln"):
            norm = nn.LayerNorm(WIDTH, eps=1e-12)
            norm.weight.data = torch.from_numpy(weights.floats[f"l{i}.{key}.w"].copy())
            norm.bias.data = torch.from_numpy(weights.floats[f"l{i}.{key}.b"].copy())
            setattr(self, key, norm)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        """Map ``[n, t, 384]`` with a mask of real tokens ``[n, t]`` to ``[n, t, 384]``."""
        n, t, _ = x.shape
        q, k, v = (
            part(x).view(n, t, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, None])
        x = self.aln(x + self.ao(mixed.transpose(1, 2).reshape(n, t, WIDTH)))
        return self.oln(x + self.fo(F.gelu(self.fi(x))))


SHAPES = dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH)) | {
    "fi": (WIDTH, INNER),
    "fo": (INNER, WIDTH),
}


class TextTop(nn.Module):
    """The last layers of a reader, from the branch's hidden states to pooled features."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        top = range(weights.layers - TRAINED, weights.layers)
        self.layers = nn.ModuleList(Layer(weights, i) for i in top)

    def forward(self, states: list[Tensor]) -> Tensor:
        """Map token rows of each text, ``[t, 384]``, to features ``[n, 1536]``."""
        order = sorted(range(len(states)), key=lambda i: len(states[i]))
        parts = [self._pool([states[i] for i in order[at : at + CHUNK]])
                 for at in range(0, len(order), CHUNK)]  # fmt: skip
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(parts)[back]

    def _pool(self, states: list[Tensor]) -> Tensor:
        branch = nn.utils.rnn.pad_sequence(states, batch_first=True)
        lengths = torch.tensor([len(row) for row in states])
        real = torch.arange(branch.shape[1])[None] < lengths[:, None]
        last = branch
        for layer in self.layers:
            last = layer(last, real)
        pooled = []
        for x in (last, branch):
            mean = (x * real[..., None]).sum(1) / lengths[:, None]
            pooled += [mean, x.masked_fill(~real[..., None], LOW).amax(1)]
        return torch.cat(pooled, 1)


class TextTops(nn.Module):
    """Both readers' tops; the English one's features are centred, and zero where it is silent."""

    def __init__(self, weights: dict[str, Weights]) -> None:
        super().__init__()
        self.e5, self.english = TextTop(weights["e5"]), TextTop(weights["english"])
        self.register_buffer("centre", torch.zeros(4 * WIDTH))

    def forward(self, e5: list[Tensor], english: list[Tensor | None]) -> Tensor:
        """Map each text's token rows to features ``[n, 3072]``."""
        heard = [i for i, states in enumerate(english) if states is not None]
        read = torch.zeros(len(e5), 4 * WIDTH)
        if heard:
            states = [states for states in english if states is not None]
            read = read.index_copy(0, torch.tensor(heard), self.english(states) - self.centre)
        return torch.cat([self.e5(e5), read], 1)


class ImageTop(nn.Module):
    """The last block of a picture network and what follows it; batch statistics stay fixed."""

    def __init__(self, trunk: Lite) -> None:
        super().__init__()
        self.block = copy.deepcopy(trunk._blocks[-1])
        self.conv, self.norm = copy.deepcopy(trunk._conv_head), copy.deepcopy(trunk._bn1)

    def train(self, mode: bool = True) -> ImageTop:
        """Keep the statistics of ImageNet whatever the mode."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, lower: Tensor) -> Tensor:
        """Map ``[n, c, h, w]`` to mean and maximum over places, ``[n, 2560]``."""
        return pool_places(F.relu6(self.norm(self.conv(self.block(lower)))))


class ImageTops(nn.Module):
    """Both networks' tops."""

    def __init__(self, networks: dict[str, Lite]) -> None:
        super().__init__()
        self.tops = nn.ModuleList(ImageTop(networks[name]) for name in NETWORKS)

    def forward(self, lowers: Sequence[Tensor], named: Tensor) -> Tensor:
        """Map each network's lower maps and the likely names to features ``[n, 5375]``."""
        seen = [top(lower) for top, lower in zip(self.tops, lowers, strict=True)]
        return torch.cat([*seen, named], 1)
