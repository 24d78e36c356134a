"""Vectors of texts and photos, encoded once and kept in a file between runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.split import split

BATCH = 64


class Kept:
    """Encodes what the file does not hold yet; without a file, everything."""

    def __init__(self, encoder: Encoder, file: Path | None) -> None:
        self._encoder = encoder
        self._file = file
        self._rows: dict[str, Vectors] = {}
        if file is not None and file.is_file():
            with np.load(file) as stored:
                vectors = stored["vectors"].astype(np.float32)
                self._rows = dict(zip(stored["names"].tolist(), vectors, strict=True))

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; of one that is longer than the window, its beginning."""
        return self._encoded(texts, self._encode_texts)

    def photos(self, paths: Sequence[Path]) -> Vectors:
        """Encode pictures."""
        return self._encoded([f"\0{path}" for path in paths], self._encode_photos)

    def _encode_texts(self, texts: Sequence[str]) -> Vectors:
        starts = [text[slice(*split(text, self._encoder)[0])] for text in texts]
        return self._encoder.encode_texts(starts)

    def _encode_photos(self, names: Sequence[str]) -> Vectors:
        return self._encoder.encode_images([Image.open(name[1:]).convert("RGB") for name in names])

    def _encoded(self, names: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        missing = sorted({name for name in names if name not in self._rows}, key=len)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._rows.update(zip(batch, encode(batch), strict=True))
        if self._file is not None and missing:
            np.savez(self._file, names=[*self._rows], vectors=np.stack([*self._rows.values()]))
        return np.stack([self._rows[name] for name in names])
