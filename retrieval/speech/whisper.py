"""Whisper, through faster-whisper on the CPU.

Whisper invents words for silence and repeats itself on noise. So a voice detector looks first, no
window is conditioned on the text of the one before, and what the model itself doubts is dropped.
Sound without speech loads no weights.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from retrieval.decode.sound import RATE, Samples
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings
from retrieval.speech.models import locate_speech_model
from retrieval.speech.transcriber import Utterance

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

LEAST_LOGPROB = -1.0
MOST_NO_SPEECH = 0.8
MOST_COMPRESSION = 2.4
"""Text that shrinks further than this repeats itself (Radford et al. 2022, section 4.5)."""
REPEATS = 3
"""So many equal utterances in a row are one utterance and an echo of the model."""


class Segment(Protocol):
    """What of faster-whisper's segment is used."""

    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float


class WhisperTranscriber:
    """A Transcriber that loads its model when it first hears speech."""

    def __init__(self, model: str) -> None:
        """Name the model: ``base``, which is bundled, a folder or a faster-whisper name."""
        self.model = model
        self._lock = Lock()

    def transcribe(self, samples: Samples) -> list[Utterance]:
        """Write down what is said; see Transcriber."""
        if not hears_speech(samples):
            return []
        with self._lock:
            segments, info = self._whisper.transcribe(
                samples,
                vad_filter=True,
                multilingual=self._whisper.model.is_multilingual,
                condition_on_previous_text=False,
                log_prob_threshold=LEAST_LOGPROB,
                compression_ratio_threshold=MOST_COMPRESSION,
            )
            return list(drop_echoes(credible(segments, info.language, len(samples) / RATE)))

    @cached_property
    def _whisper(self) -> WhisperModel:
        from faster_whisper import WhisperModel

        folder = locate_speech_model(self.model)
        threads = settings().threads or os.cpu_count() or 1
        try:
            return WhisperModel(str(folder), "cpu", compute_type="int8", cpu_threads=threads)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelUnavailable(
                f"The speech model in {folder} cannot be loaded ({error}); "
                "remove the folder to have it made again, or choose another TRIPTYCH_SPEECH_MODEL."
            ) from error


def hears_speech(samples: Samples) -> bool:
    """Tell whether there is a voice anywhere, by Silero's detector."""
    from faster_whisper.vad import get_speech_timestamps

    return bool(len(samples)) and bool(get_speech_timestamps(samples))


def credible(segments: Iterable[Segment], language: str, duration: float) -> Iterator[Utterance]:
    """Keep the segments that the model stands by; it may see one end after the recording."""
    for segment in segments:
        text = segment.text.strip()
        doubted = (
            segment.avg_logprob < LEAST_LOGPROB
            or segment.no_speech_prob > MOST_NO_SPEECH
            or segment.compression_ratio > MOST_COMPRESSION
        )
        if text and not doubted:
            end = min(segment.end, duration)
            yield Utterance(round(segment.start, 2), round(end, 2), text, language)


def drop_echoes(utterances: Iterable[Utterance]) -> Iterator[Utterance]:
    """Keep only the first of three or more equal utterances in a row."""
    for _, run in groupby(utterances, key=lambda utterance: utterance.text.casefold()):
        equal = list(run)
        yield from equal[:1] if len(equal) >= REPEATS else equal
