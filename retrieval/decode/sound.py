"""Sound from files and uploads: mono, 16 kHz, of bounded length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.decode.border import Source, name_of
from retrieval.decode.containers import demand_shorter, opening
from retrieval.errors import UnreadableMedia

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

RATE = 16_000
"""Samples per second of all decoded sound."""
LEAST_RATE, MOST_RATE = 4_000, 384_000
Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Decoded sound."""

    samples: Samples
    """Shape ``[n]``, at ``RATE``, between -1 and 1."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / RATE


def read_sound(source: Source, max_seconds: float) -> Sound:
    """Decode the first audio stream into memory.

    Raises MediaTooLarge for more than ``max_seconds`` and UnreadableMedia for content that is
    damaged, silent by format or of another kind.
    """
    chunks = list(stream_sound(source, max_seconds))
    if not chunks:
        raise UnreadableMedia(f"{name_of(source)}: no sound could be decoded")
    return Sound(np.concatenate(chunks))


def stream_sound(source: Source, max_seconds: float) -> Iterator[Samples]:
    """Decode the first audio stream piece by piece; raises what ``read_sound`` raises."""
    length = 0
    with opening(source) as container:
        if not container.streams.audio:
            raise UnreadableMedia(f"{name_of(source)}: holds no sound")
        for chunk in _chunks(container, container.streams.audio[0]):
            length += len(chunk)
            demand_shorter(source, length / RATE, max_seconds)
            yield chunk


def _demand_usual(rate: int) -> None:
    # A filter from or to an absurd rate takes minutes and gigabytes to build.
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ValueError(f"{rate} samples a second is no rate of sound")


def _chunks(container: InputContainer, stream: AudioStream) -> Iterator[Samples]:
    """Decode and resample packet by packet, passing over those that are damaged."""
    from av import AudioResampler
    from av.error import InvalidDataError

    resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except InvalidDataError:
            continue
        for frame in frames:
            _demand_usual(frame.sample_rate)
            yield from (out.to_ndarray()[0] for out in resampler.resample(frame))
    yield from (out.to_ndarray()[0] for out in resampler.resample(None))
