"""The identity of a file: the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from retrieval.decode.border import decoding, open_file


def hash_file(file: Path) -> str:
    """Digest a file without holding it in memory; hexadecimal."""
    with decoding(file), open_file(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
