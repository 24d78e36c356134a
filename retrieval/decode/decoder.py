"""Where the media of a query are decoded: in this process, or beside a server that must not fall.

A server decodes what strangers send, and in its own process only what Pillow decodes without native
code that is known to crash: the rest, and all sound, goes to processes of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from PIL.Image import Image

from retrieval.decode.apart import Apart
from retrieval.decode.formats import HEIF, is_raw, picture_type
from retrieval.decode.frames import frame_at
from retrieval.decode.looks import beginning_of, look_at
from retrieval.decode.pictures import SHORT_SIDE, Picture, open_picture
from retrieval.decode.placement import Box, boxes_on
from retrieval.decode.sound import Sound, read_sound
from retrieval.sentences import Span

P = ParamSpec("P")
T = TypeVar("T")
RISKY = frozenset({*HEIF, "image/avif", "image/icns", "image/jp2", "image/tiff"})
"""Types of pictures whose decoders crash, hang or take memory on files that were made to hurt."""


class Decoder(Protocol):
    """Opens pictures and sound; every method raises what the function of its name raises."""

    def open_picture(self, source: Path | bytes, short_side: int = SHORT_SIDE) -> Picture:
        """See ``retrieval.decode.pictures``."""

    def frame_at(self, file: Path, page: int | None, start: float | None) -> Image:
        """See ``retrieval.decode.frames``."""

    def look_at(self, file: Path, page: int | None, start: float | None, short_side: int) -> Image:
        """See ``retrieval.decode.looks``."""

    def boxes_on(
        self, file: Path, number: int, text: str, spans: Sequence[Span]
    ) -> list[list[Box]]:
        """See ``retrieval.decode.placement``."""

    def read_sound(self, source: Path | bytes, max_seconds: float) -> Sound:
        """See ``retrieval.decode.sound``."""


class Here:
    """Decodes in this process."""

    def open_picture(self, source: Path | bytes, short_side: int = SHORT_SIDE) -> Picture:
        """See ``retrieval.decode.pictures``."""
        return open_picture(source, short_side)

    def frame_at(self, file: Path, page: int | None, start: float | None) -> Image:
        """See ``retrieval.decode.frames``."""
        return frame_at(file, page, start)

    def look_at(self, file: Path, page: int | None, start: float | None, short_side: int) -> Image:
        """See ``retrieval.decode.looks``."""
        return look_at(file, page, start, short_side)

    def boxes_on(
        self, file: Path, number: int, text: str, spans: Sequence[Span]
    ) -> list[list[Box]]:
        """See ``retrieval.decode.placement``."""
        return boxes_on(file, number, text, spans)

    def read_sound(self, source: Path | bytes, max_seconds: float) -> Sound:
        """See ``retrieval.decode.sound``."""
        return read_sound(source, max_seconds)


class Guarded:
    """Decodes what may hurt in other processes, and the rest here."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart

    def open_picture(self, source: Path | bytes, short_side: int = SHORT_SIDE) -> Picture:
        """See ``retrieval.decode.pictures``."""
        return self._decode(source, open_picture, source, short_side)

    def frame_at(self, file: Path, page: int | None, start: float | None) -> Image:
        """See ``retrieval.decode.frames``."""
        return self._decode(file, frame_at, file, page, start)

    def look_at(self, file: Path, page: int | None, start: float | None, short_side: int) -> Image:
        """See ``retrieval.decode.looks``."""
        if picture_type(*beginning_of(file)) is None:
            return self._apart.decode(file, look_at, file, page, start, short_side)
        return self._decode(file, look_at, file, page, start, short_side)

    def boxes_on(
        self, file: Path, number: int, text: str, spans: Sequence[Span]
    ) -> list[list[Box]]:
        """See ``retrieval.decode.placement``."""
        return self._apart.decode(file, boxes_on, file, number, text, spans)

    def read_sound(self, source: Path | bytes, max_seconds: float) -> Sound:
        """See ``retrieval.decode.sound``."""
        return self._apart.decode(source, read_sound, source, max_seconds)

    def _decode(
        self, source: Path | bytes, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        mime = picture_type(*beginning_of(source))
        if mime is not None and is_risky(mime):
            return self._apart.decode(source, work, *args, **kwargs)
        return work(*args, **kwargs)


def is_risky(mime: str) -> bool:
    """Tell whether pictures of a type are decoded in another process."""
    return mime in RISKY or is_raw(mime)
