"""What a whole loses without each of its parts: cover some, and see how the similarity falls.

After Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2.
It asks nothing of an encoder but vectors, so it explains any. Coverings may overlap: a part is
then judged by several of them, and what matters may lie across a border.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

FAINT = 0.01
"""A difference between cosines that says nothing: covering any part changes as much by chance."""


def falls(similarities: Numbers, coverings: NDArray[np.bool_]) -> Numbers:
    """Add up, for each part, by how much the coverings that hide it lower the similarity.

    ``similarities[0]`` is the whole's and ``similarities[1 + i]`` that of what ``coverings[i]``,
    one mark for each part, leaves to be seen.
    """
    return np.asarray((similarities[0] - similarities[1:]) @ coverings, np.float32)


def weigh(gains: Numbers) -> Numbers:
    """Scale to 0…1 by the largest; what is below 0, or all where the largest is faint, gives 0."""
    largest = gains.max()
    if largest < FAINT:
        return np.zeros_like(gains)
    return np.asarray(np.clip(gains / largest, 0, 1), np.float32)
