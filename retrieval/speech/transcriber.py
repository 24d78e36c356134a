"""What a transcriber is: sound in, what is said and when out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.decode.sound import Samples


@dataclass(frozen=True, slots=True)
class Utterance:
    """A few words that were said in one breath."""

    start: float
    end: float
    """Seconds into the recording."""
    text: str
    language: str = ""
    """ISO 639-1, as far as it was recognised."""


class Transcriber(Protocol):
    """Turns speech into text; safe to call from several threads."""

    def transcribe(self, samples: Samples) -> Sequence[Utterance]:
        """Write down what is said, in order; nothing for sound that holds no speech.

        Takes mono samples at 16 kHz. Raises ModelUnavailable when there is no model to use.
        """
