"""Films by their scenes: a picture for each, and when it is to be seen.

Only frames that stand by themselves are looked at first; encoders put one at every cut and every
few seconds, and the others take fifty times as long. Where such frames are far apart, as in
recordings of screens, all others are looked at too, as long as there is time. A scene ends where
the picture no longer looks like the one that began it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retrieval.decode.border import Source, demand_fewer_pixels, name_of
from retrieval.decode.containers import demand_shorter, film_of, length_of, opening
from retrieval.decode.stills import frames_of, show, width_of
from retrieval.errors import UnreadableMedia
from retrieval.settings import settings

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

GLANCE = 24
"""The side of what frames are compared by."""
CHANGED = 0.09
"""The mean difference of colours, 0…1, from which a picture is another."""
LEAST_SECONDS = 1.0
SPARSE = 12.0
"""Seconds between frames that stand by themselves, from which the others are looked at too."""
PATIENCE = 1 / 3
"""The share of the time for decoding that may go into that."""
MOST = 300
"""Scenes of a film; where there would be more, every other is left out."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of film that looks much the same."""

    start: float
    end: float
    """Seconds into the film."""
    picture: Image.Image
    """Upright RGB, small."""


@dataclass(frozen=True, slots=True)
class Film:
    """What is to be seen of a film."""

    width: int
    height: int
    """The size it is shown in."""
    scenes: tuple[Scene, ...]


def read_film(source: Source, max_seconds: float) -> Film | None:
    """Find the scenes of a film; give nothing for a container without moving pictures.

    Raises MediaTooLarge for more than ``max_seconds``, or more pixels than the settings allow, and
    UnreadableMedia for content that is damaged.
    """
    with opening(source) as container:
        stream = film_of(container)
        if stream is None:
            return None
        length = length_of(container)
        demand_shorter(source, length, max_seconds)
        demand_fewer_pixels(source, stream.width, stream.height)
        stream.thread_type = "AUTO"
        glimpses = _look(container, _apart(container, stream), stream, length)
        if glimpses.gap > SPARSE:
            glimpses = _look_closer(container, stream, glimpses, length)
        if not glimpses.taken:
            raise UnreadableMedia(f"{name_of(source)}: no picture of the film could be decoded")
        return Film(*glimpses.size, tuple(glimpses.scenes()))


@dataclass(frozen=True, slots=True, eq=False)
class _Glimpse:
    at: float
    picture: Image.Image
    colours: NDArray[np.float32]


class _Glimpses:
    """The frames that look unlike the one before."""

    def __init__(self, widened: float) -> None:
        self.taken: list[_Glimpse] = []
        self._widened = widened
        self.size = (0, 0)
        self.last = 0.0
        self.gap = 0.0
        self._spacing = LEAST_SECONDS

    def offer(self, frame: VideoFrame) -> None:
        """Look at the next frame."""
        if frame.time is None:
            return
        self.reach(frame.time)
        if self.taken and frame.time - self.taken[-1].at < self._spacing:
            return
        glimpse, size = _glimpse(frame, self._widened)
        if not self.taken:
            self.size = size
        if not self.taken or _differ(glimpse, self.taken[-1]):
            self.taken.append(glimpse)
        if len(self.taken) > MOST:
            del self.taken[1::2]
            self._spacing *= 2

    def reach(self, at: float) -> None:
        """Note that nothing was to be seen until then."""
        self.gap = max(self.gap, at - self.last)
        self.last = max(self.last, at)

    def go_on_with(self, others: _Glimpses) -> None:
        """Take over what others saw later."""
        self.taken += [one for one in others.taken if one.at > self.last + LEAST_SECONDS]
        self.last = max(self.last, others.last)

    def scenes(self) -> Iterator[Scene]:
        """Give the scenes, each until the next or the end."""
        ends = [one.at for one in self.taken[1:]] + [self.last]
        for one, end in zip(self.taken, ends, strict=True):
            yield Scene(round(one.at, 2), round(end, 2), one.picture)


def _look(
    container: InputContainer,
    packets: Iterable[Packet[VideoStream]],
    stream: VideoStream,
    length: float,
    until: float = inf,
) -> _Glimpses:
    """Look through a film from its beginning to its end, or until the clock shows a time."""
    glimpses = _Glimpses(float(stream.sample_aspect_ratio or 1))
    container.seek(0)
    for frame in frames_of(packets):
        glimpses.offer(frame)
        if time.monotonic() > until:
            return glimpses
    glimpses.reach(length)
    return glimpses


def _look_closer(
    container: InputContainer, stream: VideoStream, coarse: _Glimpses, length: float
) -> _Glimpses:
    until = time.monotonic() + PATIENCE * settings().max_decoding_seconds
    closer = _look(container, container.demux(stream), stream, length, until)
    closer.go_on_with(coarse)
    return closer


def _apart(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Give the packets of frames that stand by themselves, and of those hardly one a second."""
    due = -inf
    for packet in container.demux(stream):
        at = None if packet.pts is None else float(packet.pts * packet.time_base)
        if not packet.size or (packet.is_keyframe and (at is None or at >= due)):
            due = due if at is None else at + LEAST_SECONDS
            yield packet


def _glimpse(frame: VideoFrame, widened: float) -> tuple[_Glimpse, tuple[int, int]]:
    """Take a frame as it is meant to be seen, and its full size."""
    picture, size = show(frame, widened), (width_of(frame, widened), frame.height)
    if frame.rotation % 180:
        size = size[::-1]
    side = picture.resize((GLANCE, GLANCE), Image.Resampling.BOX)
    colours = np.asarray(side, np.float32) / np.float32(255)
    return _Glimpse(frame.time or 0.0, picture, colours), size


def _differ(one: _Glimpse, other: _Glimpse) -> bool:
    return float(np.abs(one.colours - other.colours).mean()) > CHANGED
