"""Keeps the map of a library in its directory: a cache, drawn anew whenever it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.durable import replacing
from retrieval.map.drawing import Map
from retrieval.media import Filters

FILE = "map.npz"
FORM = b"1"
"""Changes when the same catalog would be drawn otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A map, and the fingerprint of what it shows."""

    map: Map
    of: str


def fingerprint(catalog: Catalog) -> str:
    """Tell what a catalog holds by a few letters: which contents, and which passages they have."""
    digest = blake2b(FORM, digest_size=16)
    binding = catalog.binding()
    digest.update(binding.library.encode() if binding else b"")
    digest.update(catalog.scope(Filters()).holds.tobytes())
    digest.update(catalog.embeddings.ids().tobytes())
    return digest.hexdigest()


def keep(directory: Path, sheet: Sheet) -> None:
    """Write a map; raise OSError where that cannot be done."""
    drawn = sheet.map
    with replacing(directory / FILE) as temporary, temporary.open("wb") as file:
        np.savez(file, of=np.array(sheet.of), contents=drawn.contents, places=drawn.places)


def read_kept(directory: Path) -> Sheet | None:
    """Read the map that was kept, if there is one that can be read."""
    try:
        written = BytesIO((directory / FILE).read_bytes())  # NumPy leaves a damaged file open
        with np.load(written, allow_pickle=False) as kept:
            of, drawn = str(kept["of"]), Map(kept["contents"], kept["places"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return Sheet(drawn, of) if _is_sound(drawn) else None


def _is_sound(drawn: Map) -> bool:
    """Tell whether a map is what ``draw`` may have made: another is drawn from it."""
    contents, places = drawn.contents, drawn.places
    if contents.dtype != np.int64 or places.dtype != np.float32 or contents.ndim != 1:
        return False
    within = bool(np.all((places >= 0) & (places <= 1)))
    return places.shape == (len(contents), 2) and within and bool(np.all(np.diff(contents) > 0))
