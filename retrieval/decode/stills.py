"""Single pictures of films: frames decoded, and shown as they are meant to be seen."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PIL import Image

from retrieval.decode.border import Source, demand_fewer_pixels, name_of
from retrieval.decode.containers import MICROSECONDS, film_of, opening
from retrieval.errors import UnreadableMedia

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

SHORT_SIDE = 336
"""Of a picture: hundreds of them are held at once, and no encoder looks at more."""
SEEKING = 5.0
"""Seconds for which frames are decoded on the way to the one that is looked for."""
ROUNDED = 0.01
"""By how much the second at which a frame is shown may have been rounded."""


def picture_at(source: Source, second: float) -> Image.Image:
    """Decode what is seen of a film at a second; upright RGB, its shorter side ``SHORT_SIDE``.

    Gives what is seen before, if that takes longer than ``SEEKING``. Raises UnreadableMedia where
    nothing is to be seen, and MediaTooLarge for more pixels than the settings allow.
    """
    with opening(source) as container:
        stream = film_of(container)
        if stream is None:
            raise UnreadableMedia(f"{name_of(source)}: there is nothing to be seen in it")
        demand_fewer_pixels(source, stream.width, stream.height)
        stream.thread_type = "AUTO"
        container.seek(round((second + ROUNDED) * MICROSECONDS))
        frame = _reach(container, stream, second - ROUNDED)
        if frame is None:
            raise UnreadableMedia(f"{name_of(source)}: no picture of the film could be decoded")
        return show(frame, float(stream.sample_aspect_ratio or 1))


def frames_of(packets: Iterable[Packet[VideoStream]]) -> Iterator[VideoFrame]:
    """Decode packet by packet, passing over those that are damaged."""
    from av.error import InvalidDataError

    for packet in packets:
        try:
            yield from packet.decode()
        except InvalidDataError:
            continue


def show(frame: VideoFrame, widened: float) -> Image.Image:
    """Give a frame as it is meant to be seen, small."""
    width = width_of(frame, widened)
    scale = min(1.0, SHORT_SIDE / min(width, frame.height))
    small = (max(2, round(width * scale)), max(2, round(frame.height * scale)))
    shown = frame.reformat(*small, format="rgb24", interpolation="AREA")
    picture = Image.fromarray(shown.to_ndarray())
    return picture.rotate(frame.rotation, expand=True) if frame.rotation % 360 else picture


def width_of(frame: VideoFrame, widened: float) -> int:
    """Give the width of a frame whose pixels are so much wider than high."""
    return max(1, round(frame.width * widened))


def _reach(container: InputContainer, stream: VideoStream, second: float) -> VideoFrame | None:
    """Decode until a second is shown; give the last frame, if there is any."""
    until, frame = time.monotonic() + SEEKING, None
    for frame in frames_of(container.demux(stream)):
        if (frame.time or 0.0) >= second or time.monotonic() > until:
            break
    return frame
