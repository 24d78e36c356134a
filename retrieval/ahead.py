"""Begins to open what reads words while the rest of a program is still being imported.

To open the built-in encoder takes as long as to import everything else that a search needs, and
mostly another core.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.encoders.protocol import Encoder
from retrieval.encoders.registry import load_encoder

BUILTIN = "builtin"


def begin_words(library: Path) -> Encoder | None:
    """Begin to open the encoder of a library; None where it is not the built-in one."""
    if _encoder_of(library / "catalog.sqlite") != BUILTIN:
        return None
    from retrieval.encoders.builtin import BuiltinEncoder

    encoder = load_encoder(BUILTIN)
    if isinstance(encoder, BuiltinEncoder):
        encoder.begin_texts()
    return encoder


def _encoder_of(catalog: Path) -> str | None:
    """Read the encoder's name without the catalog's own ways, which take long to import."""
    try:
        file = f"{catalog.expanduser().absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            row = connection.execute("SELECT encoder_name FROM library").fetchone()
            return None if row is None else str(row[0])
    except sqlite3.Error:
        return None  # whoever opens the library next says what is wrong with it
