"""How long each stage of answering a query takes."""

from __future__ import annotations

import time

from retrieval.media import Stage


class Stopwatch:
    """Runs from when it is made; each lap is a stage."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a stage, or some more of one before."""
        now = time.perf_counter()
        self._stages[name] = self._stages.get(name, 0.0) + 1000 * (now - self._last)
        self._last = now

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages so far, in order."""
        return tuple(Stage(name, ms) for name, ms in self._stages.items())

    @property
    def total_ms(self) -> float:
        """Milliseconds up to the end of the last stage."""
        return 1000 * (self._last - self._began)
