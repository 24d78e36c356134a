"""Recall at k, both ways, counted as ``triptych evaluate`` counts it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
CUTS = (1, 5, 10)


def recalls(images: Floats, texts: Floats, owner: NDArray[np.int64]) -> dict[str, list[float]]:
    """Score unit rows; ``owner[j]`` is the image that text j describes."""
    scores = texts @ images.T
    own = scores[np.arange(len(texts)), owner]
    rank = (scores > own[:, None]).sum(1)
    best = np.full(len(images), len(texts))
    for image in range(len(images)):
        column = scores[:, image]
        best[image] = (column > column[owner == image].max()).sum()
    return {
        "text_to_image": [float((rank < k).mean()) for k in CUTS],
        "image_to_text": [float((best < k).mean()) for k in CUTS],
    }


def sibling_recall(
    queries: Floats,
    texts: Floats,
    same: NDArray[np.bool_],
    itself: NDArray[np.bool_] | None = None,
) -> list[float]:
    """Score text to text: one of ``same[q]`` must be in the top k, with ``itself`` left out."""
    scores = queries @ texts.T
    if itself is not None:
        scores[itself] = -np.inf
    best = np.where(same, scores, -np.inf).max(1)
    rank = (scores > best[:, None]).sum(1)
    return [float((rank < k).mean()) for k in CUTS]


def line(name: str, result: dict[str, list[float]]) -> str:
    """Format one result for reading."""
    ways = "  ".join(
        f"{way} " + "/".join(f"{100 * value:.1f}" for value in values)
        for way, values in result.items()
    )
    return f"{name}: {ways}"
