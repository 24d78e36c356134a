"""Draws the map of a library when somebody asks for it, while searches go on.

Drawing is done by a process of its own that yields to everything else on the machine, and by one at
a time, however many ask. Until a map of the library as it is now is drawn, an older one has to do.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from time import monotonic

from retrieval.errors import LibraryError
from retrieval.library import CATALOG, Library
from retrieval.map.drawing import Map, draw_library
from retrieval.map.keeping import Sheet, fingerprint, keep, read_kept

logger = logging.getLogger(__name__)

PAUSE = 60.0
"""Seconds from one drawing to the next, while files are added by and by."""

LONGEST = 1800.0
"""Seconds after which drawing is given up."""


class Cartographer:
    """Has the map of a library; safe to share between threads."""

    def __init__(self, library: Library, pause: float = PAUSE) -> None:
        self._library = library
        self._pause = pause
        self._turn = Lock()
        self._version: int | None = None
        self._wanted = ""
        self._sheet = read_kept(library.path)
        self._drawing: Future[Map] | None = None
        self._begun_of = ""
        self._begun_at = float("-inf")

    def map(self) -> Sheet | None:
        """Give the newest map there is, and see to it that a current one is drawn.

        None where the first is still being drawn. Raise LibraryError, once, if that failed.
        """
        with self._turn:
            self._look_at_catalog()
            self._take_drawn()
            if not self.is_current(self._sheet) and self._drawing is None and self._has_paused:
                self._begin()
            return self._sheet

    def is_current(self, sheet: Sheet | None) -> bool:
        """Tell whether a map shows all that the library held when one was last asked for."""
        return sheet is not None and sheet.of == self._wanted

    @property
    def _has_paused(self) -> bool:
        return self._sheet is None or monotonic() - self._begun_at >= self._pause

    def _look_at_catalog(self) -> None:
        version = self._library.catalog.version()
        if version == self._version:
            return
        self._wanted = fingerprint(self._library.catalog)
        self._version = version

    def _begin(self) -> None:
        self._begun_of, self._begun_at = self._wanted, monotonic()
        before = self._sheet.map if self._sheet else None
        self._drawing = begin(draw_library, self._library.path / CATALOG, before)

    def _take_drawn(self) -> None:
        if self._drawing is None or not self._drawing.done():
            return
        drawing, self._drawing = self._drawing, None
        if error := drawing.exception():
            logger.error("The map of %s was not drawn", self._library.path, exc_info=error)
            raise LibraryError(f"The map could not be drawn ({type(error).__name__}). Try again.")
        self._sheet = Sheet(drawing.result(), self._begun_of)
        try:
            keep(self._library.path, self._sheet)
        except OSError as error:  # it is drawn again after the next start, that is all
            logger.warning("The map of %s could not be kept: %s", self._library.path, error)


def begin(
    work: Callable[[Path, Map | None], Map], catalog: Path, before: Map | None
) -> Future[Map]:
    """Begin to do the work on a catalog in a process that ends with it."""
    from pebble import ProcessPool

    from retrieval.decode.spawning import Strangers

    pool = ProcessPool(1, initializer=_step_back, context=Strangers())
    future: Future[Map] = pool.schedule(work, args=(catalog, before), timeout=LONGEST)
    pool.close()  # type: ignore[no-untyped-call]
    return future


def _step_back() -> None:
    """Let everything else on the machine go first."""
    if hasattr(os, "nice"):
        os.nice(19)
