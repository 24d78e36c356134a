"""Recordings made for tests."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 16_000


def tone(file: Path, seconds: float = 1.0, hertz: float = 440.0) -> None:
    """Write a plain tone as a WAV file."""
    time = np.arange(int(RATE * seconds)) / RATE
    write(file, 0.3 * np.sin(2 * np.pi * hertz * time))


def silence(file: Path, seconds: float = 3.0) -> None:
    """Write digital silence as a WAV file."""
    write(file, np.zeros(int(RATE * seconds)))


def write(file: Path, samples: np.ndarray) -> None:
    """Write samples in -1…1 as a 16-bit mono WAV file."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
