"""The first look at bytes for many queries at once, by ONNX Runtime's integer arithmetic.

It has kernels for every processor, and the fastest take one factor unsigned and the other signed.
So rows are moved up by 128 here, and the graph (``products.onnx``, built in
``tests/vectors/test_products.py``) takes 128 off again. Some kernels add two products up in 16
bits, which 255 · 63 twice just fits in: queries keep to MOST, and the sums are exact.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.vectors.grid import Codes

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PIECE = 4096
"""Rows that are multiplied at once: they and their products stay in a core's cache."""

MOST = 63
"""The largest byte of a query."""

NOUGHT = np.uint8(128)
"""The byte that means nought."""


def find_near(codes: Codes, scales: Vectors, queries: Codes, least: Vectors) -> tuple[Ids, Vectors]:
    """Find which products of rows, [m, dim], and queries, [n, dim], reach a query's ``least``, [n].

    A product is that of the bytes, none of a query's above MOST, times the row's scale. Gives the
    places, row * n + query, ascending, and the products there. The calling thread does it all.
    """
    places, products = [], []
    for start in range(0, len(codes), PIECE):
        piece = slice(start, start + PIECE)
        factors = {
            "rows": _raised(codes[piece]),
            "scales": scales[piece, None],
            "queries": queries.T,
        }
        every, near = _session().run(None, factors | {"least": least})
        found = np.flatnonzero(near)
        places.append(found + start * len(queries))
        products.append(every.ravel()[found])
    return np.concatenate(places), np.concatenate(products)


def _raised(codes: Codes) -> NDArray[np.uint8]:
    raised: NDArray[np.uint8] = codes.view(np.uint8) ^ NOUGHT
    return raised


@cache
def _session() -> InferenceSession:
    # Few searches put so many questions at once that they come here.
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    graph = Path(__file__).with_name("products.onnx")
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
