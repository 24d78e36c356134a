"""Long recordings, heard piece by piece, so that hours take no more memory than minutes.

Pieces end where it is quietest, so that hardly a word is cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.decode.sound import RATE
from retrieval.speech.transcriber import Transcriber, Utterance

PIECE = 600 * RATE
"""Samples of a piece at most."""
REACH = 60 * RATE
"""How far before that its end is looked for."""
MOMENT = RATE // 10
FULL = np.float32(1 / 32_768)


def listen(samples: NDArray[np.int16], transcriber: Transcriber) -> Iterator[Utterance]:
    """Write down what is said in 16-bit samples at ``RATE``, in order."""
    for start, end in pieces(samples):
        since = start / RATE
        for said in transcriber.transcribe(samples[start:end].astype(np.float32) * FULL):
            begun, ended = round(said.start + since, 2), round(said.end + since, 2)
            yield replace(said, start=begun, end=ended)


def pieces(samples: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """Cut samples into pieces of ten minutes at most, as spans that cover all of them."""
    start = 0
    while len(samples) - start > PIECE:
        end = start + PIECE - REACH + _quietest(samples[start + PIECE - REACH : start + PIECE])
        yield start, end
        start = end
    if len(samples) > start:
        yield start, len(samples)


def language_of(utterances: Sequence[Utterance]) -> str:
    """Give the language that most is said in; nothing where nobody speaks."""
    said: Counter[str] = Counter()
    for one in utterances:
        said[one.language] += len(one.text)
    return said.most_common(1)[0][0] if said else ""


def _quietest(samples: NDArray[np.int16]) -> int:
    """Find the middle of the quietest tenth of a second."""
    moments = samples[: len(samples) // MOMENT * MOMENT].reshape(-1, MOMENT)
    loudness = np.abs(moments.astype(np.int32)).mean(axis=1)
    return int(loudness.argmin()) * MOMENT + MOMENT // 2
