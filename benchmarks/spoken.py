"""Captions read aloud by espeak-ng and written down again by the bundled speech model.

Several captions go into one recording with a second of silence between them, since Whisper takes
as long for three seconds as for thirty; what is heard goes to the caption that is spoken then.
English only: Whisper base makes nothing of espeak-ng's Mandarin.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.decode.sound import RATE, Samples, read_sound
from retrieval.speech.transcriber import Transcriber

PAUSE = 1.0
WINDOW = 29.0
"""Seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One caption, read aloud."""

    number: int
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it takes, the pause included."""
        return len(self.samples) / RATE + PAUSE


def transcripts(captions: Sequence[str], transcriber: Transcriber, cache: Path) -> list[str]:
    """Give what is heard of each caption, "" where nothing is; the cache holds what is done."""
    heard = _done(cache)
    readings = (_read(i, text) for i, text in enumerate(captions) if i not in heard)
    for recording in _recordings(readings):
        words = _listen(recording, transcriber)
        heard |= words
        with cache.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(pair, ensure_ascii=False) + "\n" for pair in words.items())
    return [heard[i] for i in range(len(captions))]


def _done(cache: Path) -> dict[int, str]:
    if not cache.exists():
        return {}
    return dict(json.loads(line) for line in cache.read_text("utf-8").splitlines())


def _read(number: int, caption: str) -> Reading:
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch) / "caption.wav"
        command = ["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(sound), caption]
        subprocess.run(command, check=True)
        return Reading(number, read_sound(sound, max_seconds=60).samples)


def _recordings(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    """Fill recordings of up to WINDOW."""
    recording: list[Reading] = []
    for reading in readings:
        if recording and sum(r.seconds for r in [*recording, reading]) > WINDOW:
            yield recording
            recording = []
        recording.append(reading)
    if recording:
        yield recording


def _listen(recording: Sequence[Reading], transcriber: Transcriber) -> dict[int, str]:
    pause = np.zeros(round(PAUSE * RATE), np.float32)
    ends = np.cumsum([reading.seconds for reading in recording])
    words: dict[int, list[str]] = {reading.number: [] for reading in recording}
    samples = np.concatenate([part for r in recording for part in (r.samples, pause)])
    for utterance in transcriber.transcribe(samples):
        middle = (utterance.start + utterance.end) / 2
        spoken = min(int(np.searchsorted(ends, middle)), len(recording) - 1)
        words[recording[spoken].number].append(utterance.text)
    return {number: " ".join(heard) for number, heard in words.items()}
