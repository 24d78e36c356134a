"""The vectors of everyday queries, kept beside a library: what words look like to its encoder.

They take a large encoder seconds to make, and every process that searches may need them. Whoever
may write to the library keeps them; whoever finds none makes them for itself.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from retrieval.durable import replacing
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.search.probes import PROBES


def read_everyday(directory: Path, encoder: Encoder) -> Vectors:
    """Give the vectors of PROBES, [n, dim], from the directory if it has them."""
    kept = _kept(_file(directory, encoder), encoder.dim)
    return encoder.encode_texts(PROBES) if kept is None else kept


def keep_everyday(directory: Path, encoder: Encoder) -> None:
    """See that the directory has the vectors of PROBES, and none of other queries."""
    kept = _file(directory, encoder)
    if _kept(kept, encoder.dim) is None:
        vectors = encoder.encode_texts(PROBES)
        file = BytesIO()
        np.save(file, vectors)
        with replacing(kept) as temporary:
            temporary.write_bytes(file.getbuffer())
    for other in directory.glob("everyday-*.npy"):
        if other != kept:
            other.unlink()


def _kept(file: Path, dim: int) -> Vectors | None:
    """Read a file of vectors; give nothing if there is none, or it is damaged."""
    try:
        vectors: Vectors = np.load(file)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return vectors if vectors.shape == (len(PROBES), dim) else None


def _file(directory: Path, encoder: Encoder) -> Path:
    asked = sha256("\n".join((encoder.fingerprint, *PROBES)).encode()).hexdigest()
    return directory / f"everyday-{asked[:12]}.npy"
