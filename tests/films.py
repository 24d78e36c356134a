"""Films for tests: a few seconds of plain pictures, with or without a tone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

RATE = 10
"""Frames a second."""
SOUND = 16_000


def film(
    file: Path,
    colours: Sequence[str],
    seconds: float = 3.0,
    *,
    size: tuple[int, int] = (96, 64),
    keys: int = 5,
    tone: bool = False,
    codec: str = "mpeg4",
    aspect: Fraction | None = None,
    tags: dict[str, str] | None = None,
) -> Path:
    """Show each colour for some seconds; every ``keys``-th frame stands by itself."""
    with av.open(str(file), "w") as container:
        container.metadata.update(tags or {})
        track = container.add_stream(codec, rate=RATE)
        track.width, track.height = size
        track.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        track.codec_context.gop_size = keys
        # Else encoders begin anew at every cut.
        track.options = {"sc_threshold": "1000000000"} if codec == "mpeg4" else {}
        if aspect:
            track.codec_context.sample_aspect_ratio = aspect
        sound = container.add_stream("aac", rate=SOUND, layout="mono") if tone else None
        for number in range(round(seconds * RATE) * len(colours)):
            colour = colours[number // round(seconds * RATE)]
            frame = av.VideoFrame.from_image(Image.new("RGB", size, colour))
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
        if sound is not None:
            length = round(seconds * len(colours) * SOUND)
            wave = np.sin(np.arange(length) * 440 * 2 * np.pi / SOUND).astype(np.float32) * 0.3
            for start in range(0, length, 1024):
                part = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], "fltp", "mono")
                part.rate, part.pts = SOUND, start
                container.mux(sound.encode(part))
            container.mux(sound.encode(None))
    return file
