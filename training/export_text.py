"""The text tower as ONNX: the frozen e5 in its four-bit blocks, meaning and sight side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto
from torch import nn

from training.e5 import E5, HEADS
from training.ensemble import Trained
from training.features import CACHE
from training.heads import DIM, Head
from training.meaning import Meaning
from training.text_graph import MS, Graph, finish, frozen_tower, mean_pool
from training.texts import BRANCH
from training.tops import Layer

WINDOW = 128
MEANING_SHARE = 0.7
"""Of a text's squared length; the rest is sight."""


def _dense(g: Graph, x: str, layer: nn.Linear, name: str) -> str:
    weight = g.eight(f"{name}.weight", layer.weight.detach().numpy().T)
    product = g.node("MatMul", [x, weight], f"{name}.product")
    return g.node("Add", [product, g.weight(f"{name}.bias", layer.bias.detach().numpy())], name)


def add_meaning(g: Graph, pooled: str, meaning: Meaning) -> str:
    """Add the meaning block: unit rows ``[n, 256]``."""
    level = g.node("LpNormalization", [pooled], "meaning.level", axis=-1, p=2)
    centre = g.weight("meaning.centre", meaning.centre)
    centred = g.node("Sub", [level, centre], "meaning.centred")
    turned = g.node("MatMul", [centred, g.weight("meaning.axes", meaning.axes)], "meaning.turned")
    return g.node("LpNormalization", [turned], "meaning", axis=-1, p=2)


def max_pool(g: Graph, x: str, name: str) -> str:
    """Take the maximum over real tokens: ``[n, t, 384]`` to ``[n, 384]``."""
    real = g.node("Cast", ["attention_mask"], f"{name}.real", to=TensorProto.BOOL)
    column = g.node("Unsqueeze", [real, g.weight(f"{name}.last", np.array([2]))], f"{name}.column")
    low = g.weight(f"{name}.low", np.array(-1e4, np.float32))
    masked = g.node("Where", [column, x, low], f"{name}.masked")
    axis = g.weight(f"{name}.axis", np.array([1]))
    return g.node("ReduceMax", [masked, axis], name, keepdims=0)


def add_layer(g: Graph, x: str, layer: Layer, name: str) -> str:
    """Add a trained copy of a transformer layer, ``[n, t, 384]`` to ``[n, t, 384]``."""

    def norm(x: str, key: str) -> str:
        module = getattr(layer, key)
        gain = g.weight(f"{name}.{key}.gain", module.weight.detach().numpy())
        shift = g.weight(f"{name}.{key}.shift", module.bias.detach().numpy())
        options = {"axis": -1, "epsilon": module.eps}
        return g.node("LayerNormalization", [x, gain, shift], f"{name}.{key}.out", **options)

    q, k, v = (_dense(g, x, getattr(layer, key), f"{name}.{key}") for key in "qkv")
    mixed = g.node("MultiHeadAttention", [q, k, v, "", "mask"], f"{name}.mixed", MS,
                   num_heads=HEADS)  # fmt: skip
    x = norm(g.node("Add", [x, _dense(g, mixed, layer.ao, f"{name}.ao")], f"{name}.sum"), "aln")
    inner = g.node("Gelu", [_dense(g, x, layer.fi, f"{name}.fi")], f"{name}.gelu", MS)
    return norm(
        g.node("Add", [x, _dense(g, inner, layer.fo, f"{name}.fo")], f"{name}.total"), "oln"
    )


def add_head(g: Graph, features: str, head: Head, name: str) -> str:
    """Add one head: features ``[n, 1536]`` to unit rows ``[n, 256]``."""
    x = g.node("Sub", [features, g.weight(f"{name}.centre", head.centre.numpy())], f"{name}.level")
    x = g.node("Div", [x, g.weight(f"{name}.spread", head.spread.numpy())], f"{name}.standard")
    gain = g.weight(f"{name}.gain", head.norm.weight.detach().numpy())
    shift = g.weight(f"{name}.shift", head.norm.bias.detach().numpy())
    x = g.node("LayerNormalization", [x, gain, shift], f"{name}.norm", axis=-1, epsilon=1e-5)
    inner = g.node("Gelu", [_dense(g, x, head.widen, f"{name}.widen")], f"{name}.gelu", MS)
    narrow = _dense(g, inner, head.narrow, f"{name}.narrow")
    total = g.node("Add", [_dense(g, x, head.straight, f"{name}.straight"), narrow], f"{name}.sum")
    return g.node("LpNormalization", [total], name, axis=-1, p=2)


def add_sight(g: Graph, branch: str, trained: Trained) -> str:
    """Add the trained layers and heads, from the branch's states to unit rows ``[n, 256]``."""
    last = branch
    for i, layer in enumerate(trained.text_top.layers):
        last = add_layer(g, last, layer, f"sight.{i}")
    parts = [
        pool(g, x, f"sight.{name}.{pool.__name__}")
        for name, x in (("last", last), ("branch", branch))
        for pool in (mean_pool, max_pool)
    ]
    features = g.node("Concat", parts, "sight.features", axis=-1)
    found = [
        add_head(g, features, head, f"sight.head{i}") for i, head in enumerate(trained.text.heads)
    ]
    together = g.node("Concat", found, "sight.together", axis=-1)
    axes = g.eight("sight.axes", trained.text.axes.numpy())
    turned = g.node("MatMul", [together, axes], "sight.turned")
    return g.node("LpNormalization", [turned], "sight", axis=-1, p=2)


def export_text(e5: E5, trained: Trained, meaning: Meaning, path: Path) -> None:
    """Write the text tower: e5, the meaning block and the sight block side by side."""
    g = Graph()
    states = frozen_tower(g, e5, np.load(CACHE / "kept.npy"), WINDOW)
    pooled = mean_pool(g, states[-1], "pooled")
    halves = [add_meaning(g, pooled, meaning), add_sight(g, states[BRANCH], trained)]
    shares = (MEANING_SHARE, 1 - MEANING_SHARE)
    scaled = [
        g.node(
            "Mul",
            [half, g.weight(f"{half}.share", np.array(share**0.5, np.float32))],
            f"{half}.part",
        )
        for half, share in zip(halves, shares, strict=True)
    ]
    g.node("Concat", scaled, "vectors", axis=-1)
    onnx.save(finish(g, {"vectors": ["n", 2 * DIM]}), path)
