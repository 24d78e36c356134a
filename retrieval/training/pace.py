"""How long a step is, as a share of the full rate."""

from __future__ import annotations

import math
from collections.abc import Callable

Pace = Callable[[int], float]
"""Takes the number of steps before."""


def steady(warm: int) -> Pace:
    """Grow over the first ``warm`` steps, and stay."""
    return lambda step: min(1.0, (step + 1) / warm)


def falling(total: int) -> Pace:
    """Grow over a twentieth of all steps, then fall along a cosine (Loshchilov and Hutter 2017)."""
    warm = max(1, total // 20)

    def pace(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))

    return pace
