"""The picture tower as ONNX: exported by torch, its large weights rounded to int8.

Weights are stored as int8 with a scale a channel and widened when the file is loaded, so
arithmetic stays float32: no vector depends on its batch, or on whether a processor multiplies
int8 without overflow.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.heads import Naming
from training.hubs import Hubs
from training.lite import NETWORKS, SIZE, Lite
from training.tune import Tuned

NAMED = 0.13
"""Length of the meaning half beside a sight half of one, where the names are certain."""
SMALL = 4096
"""Weights of a tensor below which it is not worth rounding."""


class Halves(nn.Module):
    """The picture side but for its last number: bytes to both halves of a row.

    Its meaning half holds, short, what the classifier would call the picture. Nothing in that is
    trained on captions, so it helps most with what no caption showed.
    """

    def __init__(self, networks: dict[str, Lite], tuned: Tuned, names: Tensor) -> None:
        super().__init__()
        self.trunks = nn.ModuleList(networks[name] for name in NETWORKS)
        self.tuned = tuned
        self.naming = Naming(networks[NETWORKS[0]]._fc, names)

    def forward(self, pixels: Tensor) -> Tensor:
        """Map uint8 ``[n, 260, 260, 3]`` to unit rows ``[n, 511]``."""
        lowers = [trunk.lower(pixels) for trunk in self.trunks]
        named = self.naming(self.trunks[0].upper(lowers[0]))
        sight = self.tuned.images(lowers, named)
        return F.normalize(torch.cat([NAMED * named, sight], 1), dim=-1)


def export_image(halves: Halves, hubs: Hubs, path: Path) -> None:
    """Export the picture tower and round its large weights to int8."""
    tower = nn.Sequential(halves, hubs)
    pixels = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
    torch.onnx.export(
        tower.eval(), (pixels,), path, input_names=["pixels"], output_names=["vectors"],
        dynamic_shapes=({0: torch.export.Dim("n")},), opset_version=18,
        dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    model = onnx.load(path)
    for weight in list(model.graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype == np.float32 and values.ndim > 1 and values.size > SMALL:
            _round_weight(model.graph, weight, values)
    del model.graph.value_info[:]
    for node in model.graph.node:  # the exporter records its own source files and lines
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, path)


def _round_weight(
    graph: onnx.GraphProto, weight: onnx.TensorProto, values: np.ndarray[tuple[int, ...]]
) -> None:
    fan_in = (1, 2, 3) if values.ndim == 4 else (_input_axis(graph, weight.name),)
    scale = np.abs(values).max(fan_in, keepdims=True) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    name = weight.name
    graph.initializer.remove(weight)
    graph.initializer.append(
        numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{name}.int8")
    )
    graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
    graph.node.insert(0, helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [name]))
    graph.node.insert(
        0, helper.make_node("Cast", [f"{name}.int8"], [f"{name}.wide"], to=TensorProto.FLOAT)
    )


def _input_axis(graph: onnx.GraphProto, matrix: str) -> int:
    """Tell which side of a matrix its inputs enter by: the scales are of its outputs."""
    node = next(node for node in graph.node if matrix in node.input)
    turned = node.op_type == "Transpose" or any(a.name == "transB" and a.i for a in node.attribute)
    return 1 if turned else 0
