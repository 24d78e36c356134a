"""The vectors of everyday queries, kept beside a library: what words look like to its encoder.

They take a large encoder seconds to make, and every process that searches may need them. Whoever
may write to the library keeps them; whoever finds none makes them for itself.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.durable import replacing
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.search.probes import PROBES


def read_everyday(directory: Path, encoder: Encoder) -> Vectors:
    """Give the vectors of PROBES, [n, dim], from the directory if it has them."""
    file = _file(directory, encoder)
    if file.is_file():
        try:
            kept: Vectors = np.load(file)
        except (ValueError, EOFError):
            return encoder.encode_texts(PROBES)  # it is damaged; the next writer makes it anew
        if kept.shape == (len(PROBES), encoder.dim):
            return kept
    return encoder.encode_texts(PROBES)


def keep_everyday(directory: Path, encoder: Encoder) -> None:
    """Write the vectors of PROBES to the directory, and remove those of other queries."""
    kept = _file(directory, encoder)
    with replacing(kept) as temporary, temporary.open("wb") as file:
        np.save(file, read_everyday(directory, encoder))
    for other in directory.glob("everyday-*.npy"):
        if other != kept:
            other.unlink()


def _file(directory: Path, encoder: Encoder) -> Path:
    asked = sha256("\n".join((encoder.fingerprint, *PROBES)).encode()).hexdigest()
    return directory / f"everyday-{asked[:12]}.npy"
