"""Products of bytes are exact on every processor, and the graph is the one described here."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from retrieval.vectors.products import MOST, find_near


def graph() -> onnx.ModelProto:
    """Build ``products.onnx``: 128 means nought in rows."""
    row, of_queries = ["m", "dim"], ["n"]
    inputs = {
        "rows": (TensorProto.UINT8, row),
        "scales": (TensorProto.FLOAT, ["m", 1]),
        "queries": (TensorProto.INT8, ["dim", "n"]),
        "least": (TensorProto.FLOAT, of_queries),
    }
    outputs = {"products": (TensorProto.FLOAT, ["m", "n"]), "near": (TensorProto.BOOL, ["m", "n"])}
    nodes = [
        helper.make_node("MatMulInteger", ["rows", "queries", "nought"], ["sums"]),
        helper.make_node("Cast", ["sums"], ["wide"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["wide", "scales"], ["products"]),
        helper.make_node("GreaterOrEqual", ["products", "least"], ["near"]),
    ]
    described = helper.make_graph(
        nodes,
        "products",
        [helper.make_tensor_value_info(name, *shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, *shape) for name, shape in outputs.items()],
        [helper.make_tensor("nought", TensorProto.UINT8, [], [128])],
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(described, opset_imports=opset, ir_version=8)


def test_the_graph_is_the_one_described() -> None:
    shipped = files("retrieval.vectors").joinpath("products.onnx").read_bytes()
    assert onnx.load_from_string(shipped) == graph()


@pytest.mark.parametrize("dim", [1, 2, 7, 64, 511, 512, 1024])
def test_products_are_exact_even_of_the_largest_bytes(dim: int) -> None:
    rng = np.random.default_rng(dim)
    ends = rng.choice(np.array([-127, 127], np.int8), (30, dim))
    largest = rng.choice(np.array([-MOST, MOST], np.int8), (30, dim))
    inner = rng.integers(-MOST, MOST + 1, (9, dim), np.int8)
    for rows, queries in (
        (ends, largest),
        (np.full((5, dim), 127, np.int8), np.full((3, dim), MOST, np.int8)),
        (np.full((5, dim), 127, np.int8), np.full((3, dim), -MOST, np.int8)),
        (rng.integers(-127, 128, (33, dim), np.int8), inner),
    ):
        expected = rows.astype(np.int64) @ queries.astype(np.int64).T
        ones = np.ones(len(rows), np.float32)
        everything = np.full(len(queries), -np.inf, np.float32)
        places, products = find_near(rows, ones, queries, everything)
        assert places.tolist() == list(range(expected.size))
        np.testing.assert_array_equal(products, expected.ravel())


def test_each_row_has_its_scale_and_each_query_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.vectors.products.PIECE", 3)
    codes = np.arange(-60, 60, dtype=np.int8).reshape(20, 6)
    scales = np.linspace(0.1, 2, 20, dtype=np.float32)
    least = np.array([0, 100], np.float32)
    places, products = find_near(codes[3:11], scales[3:11], codes[:2], least)
    expected = codes[3:11].astype(np.float32) @ codes[:2].T.astype(np.float32)
    expected *= scales[3:11, None]
    assert places.tolist() == np.flatnonzero(expected >= least).tolist()
    np.testing.assert_allclose(products, expected[expected >= least], rtol=1e-6)
