"""Transformers as ONNX graphs, written node by node on four-bit blocks.

MatMulNBits (accuracy level 0) widens a block of weights to float32 where it is multiplied. Level 4
would round activations to int8 instead, which is slower here without VNNI (1.5 times for a batch).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.e5 import BLOCK, HEADS, Q4, WIDTH, Weights

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
            K=inputs, N=outputs, bits=4, block_size=BLOCK, accuracy_level=0,
        )  # fmt: skip
        return self.node("Add", [product, self.weight(f"{name}.bias", bias)], name)

    def norm(self, x: str, weights: Weights, key: str, name: str) -> str:
        """Normalise each row and apply a published gain and bias."""
        gain = self.weight(f"{name}.gain", weights.floats[f"{key}.w"])
        bias = self.weight(f"{name}.shift", weights.floats[f"{key}.b"])
        return self.node("LayerNormalization", [x, gain, bias], name, axis=-1, epsilon=1e-12)


@dataclass(frozen=True)
class Reader:
    """One frozen transformer of the graph, with the two inputs it reads: tokens and their mask.

    Names of its nodes start with its own; ``NAME_ids`` and ``NAME_mask`` are its inputs.
    """

    name: str
    weights: Weights
    window: int

    @property
    def ids(self) -> str:
        """Name the input of token ids."""
        return f"{self.name}_ids"

    @property
    def mask(self) -> str:
        """Name the input that tells real tokens from padding."""
        return f"{self.name}_mask"

    def embed(self, g: Graph) -> str:
        """Look up pieces and their places: ``[n, t, 384]``."""
        words, floats = self.weights.blocks["emb.word"], self.weights.floats
        table = g.weight(f"{self.name}.words.blocks", words.packed())
        scales = g.half(f"{self.name}.words.scales", words.scales)
        x = g.node(
            "GatherBlockQuantized", [table, self.ids, scales], f"{self.name}.words", MS,
            gather_axis=0, quantize_axis=1, block_size=BLOCK, bits=4,
        )  # fmt: skip
        stored = floats["emb.pos"].reshape(-1, WIDTH)[: self.window] + floats["emb.type"][:WIDTH]
        places = g.weight(f"{self.name}.places", stored)
        length = g.node("Shape", [self.ids], f"{self.name}.length", start=1, end=2)
        zero = g.weight(f"{self.name}.zero", np.array([0]))
        here = g.node("Slice", [places, zero, length, zero], f"{self.name}.here")
        total = g.node("Add", [x, here], f"{self.name}.embedded")
        return g.norm(total, self.weights, "emb.ln", f"{self.name}.embedding")

    def layer(self, g: Graph, i: int, x: str) -> str:
        """Add transformer layer i, ``[n, t, 384]`` to ``[n, t, 384]``."""
        weights, name = self.weights, f"{self.name}.l{i}"

        def part(x: str, key: str) -> str:
            matrix, bias = weights.blocks[f"l{i}.{key}.w"], weights.floats[f"l{i}.{key}.b"]
            return g.linear(x, matrix, bias, f"{name}.{key}")

        q, k, v = (part(x, key) for key in "qkv")
        inputs = [q, k, v, "", f"{self.mask}.int"]
        mixed = g.node("MultiHeadAttention", inputs, f"{name}.mixed", MS, num_heads=HEADS)
        x = g.node("Add", [x, part(mixed, "ao")], f"{name}.attended")
        x = g.norm(x, weights, f"l{i}.aln", f"{name}.middle")
        inner = g.node("Gelu", [part(x, "fi")], f"{name}.gelu", MS)
        x = g.node("Add", [x, part(inner, "fo")], f"{name}.summed")
        return g.norm(x, weights, f"l{i}.oln", f"{name}.out")

    def add(self, g: Graph, layers: int) -> list[str]:
        """Add the lowest layers and give the names of their hidden states, embedding first."""
        g.node("Cast", [self.mask], f"{self.mask}.int", to=TensorProto.INT32)
        states = [self.embed(g)]
        for i in range(layers):
            states.append(self.layer(g, i, states[-1]))
        return states

    def mean_pool(self, g: Graph, x: str, name: str) -> str:
        """Average the rows of real tokens: ``[n, t, 384]`` to ``[n, 384]``."""
        real = g.node("Cast", [self.mask], f"{name}.real", to=TensorProto.FLOAT)
        one = g.weight(f"{name}.axis", np.array([1]))
        row = g.node("Unsqueeze", [real, one], f"{name}.row")
        total = g.node("MatMul", [row, x], f"{name}.total")
        count = g.node("ReduceSum", [real, one], f"{name}.count", keepdims=1)
        flat = g.node("Squeeze", [total, one], f"{name}.flat")
        return g.node("Div", [flat, count], name)

    def max_pool(self, g: Graph, x: str, name: str) -> str:
        """Take the maximum over real tokens: ``[n, t, 384]`` to ``[n, 384]``."""
        real = g.node("Cast", [self.mask], f"{name}.real", to=TensorProto.BOOL)
        column = g.node(
            "Unsqueeze", [real, g.weight(f"{name}.last", np.array([2]))], f"{name}.column"
        )
        low = g.weight(f"{name}.low", np.array(-1e4, np.float32))
        masked = g.node("Where", [column, x, low], f"{name}.masked")
        axis = g.weight(f"{name}.axis", np.array([1]))
        return g.node("ReduceMax", [masked, axis], name, keepdims=0)


def finish(g: Graph, readers: list[Reader], outputs: dict[str, list[int | str]]) -> onnx.ModelProto:
    """Close the graph over the readers' inputs."""
    inputs = [
        helper.make_tensor_value_info(x, TensorProto.INT64, ["n", f"{reader.name}_tokens"])
        for reader in readers
        for x in (reader.ids, reader.mask)
    ]
    results = [helper.make_tensor_value_info(x, TensorProto.FLOAT, s) for x, s in outputs.items()]
    graph = helper.make_graph(g.nodes, "text", inputs, results, g.weights)
    return helper.make_model(graph, opset_imports=list(OPSETS), ir_version=10)
