"""Sound from files and uploads: mono, 16 kHz, of bounded length.

Containers that can name other files or addresses (playlists) are never opened, and the decoder is
handed bytes rather than names, so that a hostile file reaches nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from retrieval.decode.border import Source, decoding, name_of
from retrieval.errors import MediaTooLarge, UnreadableMedia

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

RATE = 16_000
"""Samples per second of all decoded sound."""
LEAST_RATE, MOST_RATE = 4_000, 384_000
CONTAINERS = "wav,mp3,flac,ogg,mov,matroska,aac"
Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sound:
    """Decoded sound."""

    samples: Samples
    """Shape ``[n]``, at ``RATE``, between -1 and 1."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / RATE


def read_sound(source: Source, max_seconds: float) -> Sound:
    """Decode the first audio stream.

    Raises MediaTooLarge for more than ``max_seconds`` and UnreadableMedia for content that is
    damaged, silent by format or of another kind.
    """
    with decoding(source), ExitStack() as stack:
        container = stack.enter_context(_open(_stream(source, stack)))
        stream = _audio_of(container, source)
        chunks, length = [], 0
        for chunk in _chunks(container, stream):
            length += len(chunk)
            if length > max_seconds * RATE:
                raise MediaTooLarge(
                    f"{name_of(source)}: longer than the {max_seconds:g} seconds that are decoded"
                )
            chunks.append(chunk)
        if not length:
            raise UnreadableMedia(f"{name_of(source)}: no sound could be decoded")
        return Sound(np.concatenate(chunks))


def shows_video(source: Source) -> bool:
    """Tell whether a container holds moving pictures; a recording's cover picture is none."""
    with decoding(source), ExitStack() as stack:
        container = stack.enter_context(_open(_stream(source, stack)))
        return any(not _is_cover(stream) for stream in container.streams.video)


def _stream(source: Source, stack: ExitStack) -> BinaryIO:
    if isinstance(source, bytes):
        return BytesIO(source)
    if isinstance(source, Path):
        return stack.enter_context(source.open("rb"))
    return source


def _open(stream: BinaryIO) -> InputContainer:
    import av

    bounds = {"format_whitelist": CONTAINERS, "protocol_whitelist": ""}
    return av.open(stream, "r", options=bounds, metadata_errors="ignore")


def _is_cover(stream: object) -> bool:
    from av.stream import Disposition

    return bool(getattr(stream, "disposition", 0) & Disposition.attached_pic)


def _audio_of(container: InputContainer, source: Source) -> AudioStream:
    if not container.streams.audio:
        raise UnreadableMedia(f"{name_of(source)}: holds no sound")
    return container.streams.audio[0]


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
