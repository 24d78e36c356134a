"""A disk that is full, told from all else that can go wrong while files are written.

A run stops there instead of failing file by file; everything that is written is either whole or
not there, so another run goes on once there is room.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path

from retrieval.errors import DiskFull

NO_ROOM = frozenset({ENOSPC, EDQUOT})
NO_ROOM_FOR_ROWS = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})


@contextmanager
def room_in(place: Path, otherwise: str = "") -> Iterator[None]:
    """Raise DiskFull where something in this block finds no room to write below a folder.

    ``otherwise`` says what else to do than to make room.
    """
    try:
        yield
    except Exception as error:
        if not _is_for_want_of_room(error):
            raise
        raise DiskFull(
            f"There is no room left on the disk of {place}. Delete or move something there"
            f"{otherwise}; what was done is kept, and another run goes on from there."
        ) from error


def _is_for_want_of_room(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    # SQLAlchemy wraps what the driver raises.
    driver = getattr(error, "orig", error)
    if isinstance(driver, sqlite3.Error):
        return getattr(driver, "sqlite_errorcode", None) in NO_ROOM_FOR_ROWS
    # FAISS writes its indexes itself, and knows one class of errors.
    return isinstance(error, RuntimeError) and os.strerror(ENOSPC) in str(error)
