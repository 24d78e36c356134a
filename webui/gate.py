"""How much is decoded for requests at a time: whoever sends many files must not stop all others.

A thread of the server waits while a file is decoded. So only some may, and no request for long: the
rest of the threads go on answering searches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic

from flask import g
from PIL.Image import Image
from werkzeug.exceptions import ServiceUnavailable

from retrieval.decode.decoder import Decoder
from retrieval.decode.pictures import SHORT_SIDE, Picture
from retrieval.decode.placement import Box
from retrieval.decode.sound import Sound
from retrieval.errors import MediaTooLarge
from retrieval.sentences import Span

SECONDS_TO_RETRY = 5


@contextmanager
def one_of(places: BoundedSemaphore, done: str) -> Iterator[None]:
    """Take one of some places, or turn the request away: so much is being done already."""
    if not places.acquire(blocking=False):
        raise ServiceUnavailable(
            f"Too much is being {done} at the moment; try again in a while.",
            retry_after=SECONDS_TO_RETRY,
        )
    try:
        yield
    finally:
        places.release()


class Gate:
    """A decoder that turns away what comes when enough is being decoded, or asks for too much."""

    def __init__(self, decoder: Decoder, places: int, patience: float) -> None:
        """Let so many files be decoded at once, and those of one request for so many seconds."""
        self._decoder = decoder
        self._places = BoundedSemaphore(places)
        self._patience = patience

    def open_picture(self, source: Path | bytes, short_side: int = SHORT_SIDE) -> Picture:
        """See ``retrieval.decode.decoder``."""
        with self._place():
            return self._decoder.open_picture(source, short_side)

    def frame_at(self, file: Path, page: int | None, start: float | None) -> Image:
        """See ``retrieval.decode.decoder``."""
        with self._place():
            return self._decoder.frame_at(file, page, start)

    def look_at(self, file: Path, page: int | None, start: float | None, short_side: int) -> Image:
        """See ``retrieval.decode.decoder``."""
        with self._place():
            return self._decoder.look_at(file, page, start, short_side)

    def boxes_on(
        self, file: Path, number: int, text: str, spans: Sequence[Span]
    ) -> list[list[Box]]:
        """See ``retrieval.decode.decoder``."""
        with self._place():
            return self._decoder.boxes_on(file, number, text, spans)

    def read_sound(self, source: Path | bytes, max_seconds: float) -> Sound:
        """See ``retrieval.decode.decoder``."""
        with self._place():
            return self._decoder.read_sound(source, max_seconds)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Take a place for one file of the request being answered."""
        if monotonic() > g.setdefault("decoded_until", monotonic() + self._patience):
            raise MediaTooLarge(
                f"The files of the query take longer than {self._patience:g} seconds to decode; "
                "send fewer or smaller ones."
            )
        with one_of(self._places, "decoded"):
            yield
