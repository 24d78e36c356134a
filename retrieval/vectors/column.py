"""A file of rows of one width, which is only ever written at its end or over itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.durable import flush


@dataclass(frozen=True, slots=True)
class Column:
    """One array on disk, [rows, *shape] of a type."""

    file: Path
    dtype: np.dtype[Any]
    shape: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Bytes of a row."""
        return self.dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))

    def holds(self, rows: int) -> bool:
        """Tell whether the file is there and long enough."""
        return self.file.is_file() and self.file.stat().st_size >= rows * self.width

    def map(self, rows: int) -> NDArray[Any]:
        """Map the first rows into memory, to be read."""
        shape = (rows, *self.shape)
        if not rows:
            return np.empty(shape, self.dtype)
        return np.asarray(np.memmap(self.file, self.dtype, "r", shape=shape))

    def write(self, start: int, data: NDArray[Any]) -> None:
        """Write rows from a row on, over whatever was there."""
        self.file.parent.mkdir(exist_ok=True)
        with self.file.open("r+b" if self.file.exists() else "w+b") as file:
            file.seek(start * self.width)
            file.write(np.ascontiguousarray(data, self.dtype).data)

    def flush(self) -> None:
        """Return when what was written is on disk."""
        flush(self.file)
