"""The identity of a file: the SHA-256 of its bytes, if it holds still while they are read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from retrieval.decode.border import decoding, name_of, open_file
from retrieval.errors import TriptychError

CHUNK = 1 << 20


class ChangedMeanwhile(TriptychError):
    """A file was written to while it was read; the next run will find it whole."""


def hash_file(file: Path, size: int) -> str:
    """Digest a file of so many bytes without holding it in memory; hexadecimal.

    Raises ChangedMeanwhile for one that has more or fewer by now. Of one that grows without end no
    more is read than it had.
    """
    digest = hashlib.sha256()
    left = size + 1
    with decoding(file), open_file(file) as stream:
        while left and (chunk := stream.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    if left != 1:
        raise changed(file)
    return digest.hexdigest()


def changed(file: Path) -> ChangedMeanwhile:
    """Say that a file changed while it was read."""
    return ChangedMeanwhile(f"{name_of(file)}: changed while it was read; index it again")
