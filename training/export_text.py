"""The text tower as ONNX: both readers in four-bit blocks, meaning and sight side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto
from torch import nn

from training.banks import END_MARKS
from training.e5 import HEADS, Weights
from training.heads import DIM, Head
from training.hubs import LENGTH
from training.meaning import Meaning
from training.text_graph import MS, Graph, Reader, finish
from training.texts import WINDOW
from training.tops import Layer, TextTop
from training.tune import Tuned

MEANING_SHARE = 0.7
"""Of what a text's squared length has besides its last number; the rest is sight."""


def _dense(g: Graph, x: str, layer: nn.Linear, name: str) -> str:
    weight = g.eight(f"{name}.weight", layer.weight.detach().numpy().T)
    product = g.node("MatMul", [x, weight], f"{name}.product")
    return g.node("Add", [product, g.weight(f"{name}.bias", layer.bias.detach().numpy())], name)


def add_meaning(g: Graph, pooled: str, meaning: Meaning) -> str:
    """Add the meaning block: unit rows ``[n, 255]``."""
    level = g.node("LpNormalization", [pooled], "meaning.level", axis=-1, p=2)
    centre = g.weight("meaning.centre", meaning.centre)
    centred = g.node("Sub", [level, centre], "meaning.centred")
    turned = g.node("MatMul", [centred, g.weight("meaning.axes", meaning.axes)], "meaning.turned")
    return g.node("LpNormalization", [turned], "meaning", axis=-1, p=2)


def add_layer(g: Graph, reader: Reader, x: str, layer: Layer, name: str) -> str:
    """Add a trained copy of a transformer layer, ``[n, t, 384]`` to ``[n, t, 384]``."""

    def norm(x: str, key: str) -> str:
        module = getattr(layer, key)
        gain = g.weight(f"{name}.{key}.gain", module.weight.detach().numpy())
        shift = g.weight(f"{name}.{key}.shift", module.bias.detach().numpy())
        options = {"axis": -1, "epsilon": module.eps}
        return g.node("LayerNormalization", [x, gain, shift], f"{name}.{key}.out", **options)

    q, k, v = (_dense(g, x, getattr(layer, key), f"{name}.{key}") for key in "qkv")
    inputs = [q, k, v, "", f"{reader.mask}.int"]
    mixed = g.node("MultiHeadAttention", inputs, f"{name}.mixed", MS, num_heads=HEADS)
    x = norm(g.node("Add", [x, _dense(g, mixed, layer.ao, f"{name}.ao")], f"{name}.sum"), "aln")
    inner = g.node("Gelu", [_dense(g, x, layer.fi, f"{name}.fi")], f"{name}.gelu", MS)
    return norm(
        g.node("Add", [x, _dense(g, inner, layer.fo, f"{name}.fo")], f"{name}.total"), "oln"
    )


def add_head(g: Graph, features: str, head: Head, name: str) -> str:
    """Add the head: features ``[n, 3072]`` to unit rows ``[n, 256]``."""
    x = g.node("Sub", [features, g.weight(f"{name}.centre", head.centre.numpy())], f"{name}.level")
    x = g.node("Div", [x, g.weight(f"{name}.spread", head.spread.numpy())], f"{name}.standard")
    gain = g.weight(f"{name}.gain", head.norm.weight.detach().numpy())
    shift = g.weight(f"{name}.shift", head.norm.bias.detach().numpy())
    x = g.node("LayerNormalization", [x, gain, shift], f"{name}.norm", axis=-1, epsilon=1e-5)
    inner = g.node("Gelu", [_dense(g, x, head.widen, f"{name}.widen")], f"{name}.gelu", MS)
    narrow = _dense(g, inner, head.narrow, f"{name}.narrow")
    total = g.node("Add", [_dense(g, x, head.straight, f"{name}.straight"), narrow], f"{name}.sum")
    return g.node("LpNormalization", [total], name, axis=-1, p=2)


def add_top(g: Graph, reader: Reader, branch: str, top: TextTop) -> str:
    """Add a reader's trained layers, from the branch's states to features ``[n, 1536]``."""
    last, name = branch, f"{reader.name}.top"
    for i, layer in enumerate(top.layers):
        last = add_layer(g, reader, last, layer, f"{name}.{i}")
    parts = [
        pool(g, x, f"{name}.{label}.{pool.__name__}")
        for label, x in (("last", last), ("branch", branch))
        for pool in (reader.mean_pool, reader.max_pool)
    ]
    return g.node("Concat", parts, name, axis=-1)


def silence(g: Graph, reader: Reader, features: str, centre: np.ndarray[tuple[int, ...]]) -> str:
    """Centre a reader's features, and make them zero for a text of end marks alone."""
    one = g.weight("silent.axis", np.array([1]))
    count = g.node("ReduceSum", [reader.mask, one], "silent.count", keepdims=1)
    marks = g.weight("silent.marks", np.array(END_MARKS))
    heard = g.node("Greater", [count, marks], "heard")
    factor = g.node("Cast", [heard], "heard.factor", to=TensorProto.FLOAT)
    centred = g.node("Sub", [features, g.weight("silent.centre", centre)], "centred")
    return g.node("Mul", [centred, factor], "heard.features")


def add_vectors(g: Graph, meaning: str, sight: str) -> None:
    """Add the whole rows: both halves by their shares, and the number that is the same for all."""
    rest = 1 - LENGTH**2
    parts = [
        scale(g, meaning, (rest * MEANING_SHARE) ** 0.5),
        scale(g, sight, (rest * (1 - MEANING_SHARE)) ** 0.5),
    ]
    one = g.weight("last.axis", np.array([1]))
    # Whatever the row is, its length is one; so there is a last number for each row of a batch.
    ones = g.node("ReduceL2", [sight, one], "last.ones", keepdims=1)
    g.node("Concat", [*parts, scale(g, ones, LENGTH)], "vectors", axis=-1)


def scale(g: Graph, rows: str, factor: float) -> str:
    """Multiply rows by a number."""
    return g.node(
        "Mul", [rows, g.weight(f"{rows}.share", np.array(factor, np.float32))], f"{rows}.part"
    )


def export_text(weights: dict[str, Weights], tuned: Tuned, meaning: Meaning, path: Path) -> None:
    """Write the text tower: the readers, the meaning block and the sight block."""
    g, tops = Graph(), tuned.text_tops
    e5, english = (Reader(name, weights[name], WINDOW) for name in ("e5", "english"))
    states = e5.add(g, e5.weights.layers)
    below = english.add(g, english.weights.layers - len(tops.english.layers))[-1]
    heard = silence(g, english, add_top(g, english, below, tops.english), tops.centre.numpy())
    branch = states[-1 - len(tops.e5.layers)]
    features = g.node("Concat", [add_top(g, e5, branch, tops.e5), heard], "features", axis=-1)
    pooled = e5.mean_pool(g, states[-1], "pooled")
    halves = [add_meaning(g, pooled, meaning), add_head(g, features, tuned.text, "sight")]
    add_vectors(g, *halves)
    onnx.save(finish(g, [e5, english], {"vectors": ["n", 2 * DIM]}), path)
