"""How long each stage of answering a query takes."""

from __future__ import annotations

import time

from retrieval.media import Stage


class Stopwatch:
    """Runs from when it is made; each lap is a stage."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._stages: list[Stage] = []

    def lap(self, name: str) -> None:
        """End a stage."""
        now = time.perf_counter()
        self._stages.append(Stage(name, 1000 * (now - self._last)))
        self._last = now

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages so far, in order."""
        return tuple(self._stages)

    @property
    def total_ms(self) -> float:
        """Milliseconds up to the end of the last stage."""
        return 1000 * (self._last - self._began)
