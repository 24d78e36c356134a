"""Recordings for tests: made here, or real ones that come with a package."""

from __future__ import annotations

import wave
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np
import pytest

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


def real_speech(name: str) -> Path:
    """Find a recording that comes with the moonshine-voice package, without importing it."""
    try:
        found = [file for file in files("moonshine-voice") or [] if file.name == name]
    except PackageNotFoundError:
        pytest.skip("moonshine-voice, whose sample recordings are real speech, is not installed")
    return Path(str(found[0].locate()))
