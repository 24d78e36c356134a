"""The text tower as an ONNX graph, written node by node on e5's four-bit blocks.

MatMulNBits (accuracy level 4) rounds activations to int8 block by block within a row, so a text
gets the same vector whatever batch it travels in; a scale per batch would not allow that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.e5 import BLOCK, E5, HEADS, LAYERS, Q4, WIDTH

MS = "com.microsoft"
OPSETS = (helper.make_opsetid("", 18), helper.make_opsetid(MS, 1))


@dataclass
class Graph:
    """Nodes and weights under construction; every method returns the name of its result."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[onnx.TensorProto] = field(default_factory=list)

    def weight(self, name: str, values: NDArray[np.generic]) -> str:
        """Store a weight as it is."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def half(self, name: str, values: NDArray[np.floating]) -> str:
        """Store a weight as float16; onnxruntime widens it once, when it loads the file."""
        stored = self.weight(f"{name}.half", values.astype(np.float16))
        return self.node("Cast", [stored], name, to=TensorProto.FLOAT)

    def eight(self, name: str, values: NDArray[np.floating]) -> str:
        """Store a matrix as int8 with a scale a column, widened when the file is loaded."""
        scale = np.maximum(np.abs(values).max(0, keepdims=True) / 127, 1e-12).astype(np.float32)
        stored = self.weight(f"{name}.int8", np.rint(values / scale).astype(np.int8))
        wide = self.node("Cast", [stored], f"{name}.wide", to=TensorProto.FLOAT)
        return self.node("Mul", [wide, self.weight(f"{name}.scale", scale)], name)

    def node(
        self, op: str, inputs: list[str], name: str, domain: str = "", **options: object
    ) -> str:
        """Add an operation with one result."""
        made = helper.make_node(op, inputs, [name], name=name, domain=domain, **options)
        self.nodes.append(made)
        return name

    def linear(self, x: str, matrix: Q4, bias: NDArray[np.float32], name: str) -> str:
        """Multiply by a four-bit matrix ``[outputs, inputs]`` and add a bias."""
        outputs, inputs = matrix.numbers.shape
        blocks = matrix.packed().reshape(outputs, inputs // BLOCK, BLOCK // 2)
        packed = self.weight(f"{name}.blocks", blocks)
        scales = self.half(f"{name}.scales", matrix.scales)
        product = self.node(
            "MatMulNBits", [x, packed, scales], f"{name}.product", MS,
            K=inputs, N=outputs, bits=4, block_size=BLOCK, accuracy_level=4,
        )  # fmt: skip
        return self.node("Add", [product, self.weight(f"{name}.bias", bias)], name)

    def norm(self, x: str, e5: E5, key: str, name: str) -> str:
        """Normalise each row and apply e5's gain and bias."""
        gain = self.weight(f"{name}.gain", e5.floats[f"{key}.w"])
        bias = self.weight(f"{name}.shift", e5.floats[f"{key}.b"])
        return self.node("LayerNormalization", [x, gain, bias], name, axis=-1, epsilon=1e-12)


def embed(g: Graph, e5: E5, kept: NDArray[np.int64], window: int) -> str:
    """Look up the kept pieces and their places: ``[n, t, 384]``."""
    words = e5.blocks["emb.word"]
    rows = Q4(words.numbers[kept], words.scales[kept])
    table = g.weight("words.blocks", rows.packed())
    scales = g.half("words.scales", rows.scales)
    x = g.node(
        "GatherBlockQuantized", [table, "input_ids", scales], "words", MS,
        gather_axis=0, quantize_axis=1, block_size=BLOCK, bits=4,
    )  # fmt: skip
    places = e5.floats["emb.pos"].reshape(-1, WIDTH)[:window] + e5.floats["emb.type"][:WIDTH]
    shape = g.node("Shape", ["input_ids"], "length", start=1, end=2)
    start, axis = g.weight("zero", np.array([0])), g.weight("axis", np.array([0]))
    here = g.node("Slice", [g.weight("places", places), start, shape, axis], "here")
    return g.norm(g.node("Add", [x, here], "embedded"), e5, "emb.ln", "embedding")


def layer(g: Graph, e5: E5, i: int, x: str) -> str:
    """Add transformer layer i, ``[n, t, 384]`` to ``[n, t, 384]``."""

    def part(x: str, key: str) -> str:
        return g.linear(x, e5.blocks[f"l{i}.{key}.w"], e5.floats[f"l{i}.{key}.b"], f"l{i}.{key}")

    q, k, v = (part(x, key) for key in "qkv")
    mixed = g.node("MultiHeadAttention", [q, k, v, "", "mask"], f"l{i}.mixed", MS, num_heads=HEADS)
    x = g.node("Add", [x, part(mixed, "ao")], f"l{i}.attended")
    x = g.norm(x, e5, f"l{i}.aln", f"l{i}.middle")
    inner = g.node("Gelu", [part(x, "fi")], f"l{i}.gelu", MS)
    x = g.node("Add", [x, part(inner, "fo")], f"l{i}.summed")
    return g.norm(x, e5, f"l{i}.oln", f"l{i}.out")


def frozen_tower(g: Graph, e5: E5, kept: NDArray[np.int64], window: int) -> list[str]:
    """Add the whole of e5 and give the names of its hidden states, embedding first."""
    g.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    states = [embed(g, e5, kept, window)]
    for i in range(LAYERS):
        states.append(layer(g, e5, i, states[-1]))
    return states


def mean_pool(g: Graph, x: str, name: str) -> str:
    """Average the rows of real tokens: ``[n, t, 384]`` to ``[n, 384]``."""
    real = g.node("Cast", ["attention_mask"], f"{name}.real", to=TensorProto.FLOAT)
    one = g.weight(f"{name}.axis", np.array([1]))
    row = g.node("Unsqueeze", [real, one], f"{name}.row")
    total = g.node("MatMul", [row, x], f"{name}.total")
    count = g.node("ReduceSum", [real, one], f"{name}.count", keepdims=1)
    flat = g.node("Squeeze", [total, one], f"{name}.flat")
    return g.node("Div", [flat, count], name)


def finish(g: Graph, outputs: dict[str, list[int | str]]) -> onnx.ModelProto:
    """Close the graph over ``input_ids`` and ``attention_mask`` and check it."""
    names = ("input_ids", "attention_mask")
    inputs = [helper.make_tensor_value_info(x, TensorProto.INT64, ["n", "t"]) for x in names]
    results = [helper.make_tensor_value_info(x, TensorProto.FLOAT, s) for x, s in outputs.items()]
    graph = helper.make_graph(g.nodes, "text", inputs, results, g.weights)
    return helper.make_model(graph, opset_imports=list(OPSETS), ir_version=10)
