"""The built-in encoder with every weight stored as float32, as it would be without rounding.

Needs the package ``onnx``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from retrieval.encoders.builtin import FOLDER, PICTURES, TEXTS


def widen_folder(target: Path) -> None:
    """Copy the shipped folder, its two networks widened to float32."""
    shutil.copytree(FOLDER, target)
    for name in (PICTURES, TEXTS):
        model = onnx.load(FOLDER / name)
        _widen_blocks(model.graph)
        onnx.save(model, target / name)
        _fold(target / name)


def _fold(path: Path) -> None:
    """Let onnxruntime compute what is constant, such as int8 weights times their scales."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path.with_suffix(".folded"))
    ort.InferenceSession(path, options)
    path.with_suffix(".folded").replace(path)


def _widen_blocks(graph: onnx.GraphProto) -> None:
    """Make plain products and look-ups of those with four-bit blocks."""
    weights = {weight.name: weight for weight in graph.initializer}
    stored = {name: numpy_helper.to_array(weight) for name, weight in weights.items()}
    halves = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}
    for node in graph.node:
        if node.op_type not in ("MatMulNBits", "GatherBlockQuantized"):
            continue
        look_up = node.op_type == "GatherBlockQuantized"
        blocks, scales = (node.input[0 if look_up else 1], node.input[2])
        matrix = _floats(stored[blocks], stored[halves[scales]])
        name = f"{node.output[0]}.wide"
        graph.initializer.remove(weights[blocks])
        graph.initializer.append(numpy_helper.from_array(matrix if look_up else matrix.T, name))
        inputs = [name, node.input[1]] if look_up else [node.input[0], name]
        plain = helper.make_node("Gather" if look_up else "MatMul", inputs, node.output)
        node.CopyFrom(plain)


def _floats(packed: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """Unpack rows of four-bit numbers, two a byte, in blocks with a scale each."""
    rows = packed.reshape(len(packed), -1)
    numbers = np.stack([rows & 15, rows >> 4], axis=2).reshape(len(rows), -1).astype(np.float32)
    wide = np.repeat(scales.reshape(len(rows), -1).astype(np.float32), 32, axis=1)
    return np.ascontiguousarray((numbers - 8) * wide)
