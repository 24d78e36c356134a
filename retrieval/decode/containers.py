"""Containers of sound and film, opened so that a hostile one reaches nothing but itself.

Containers that can name other files or addresses (playlists) are never opened, and the decoder is
handed bytes rather than names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from retrieval.decode.border import Source, decoding, name_of, stream_of
from retrieval.errors import MediaTooLarge

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = (
    "wav,mp3,flac,ogg,mov,matroska,aac,aiff,caf,amr,au,ape,wv,tta,w64,ac3,avi,mpegts,mpeg,asf,flv"
)
SUFFIXES = {
    *(".wav", ".mp3", ".m4a", ".flac", ".ogg", ".oga", ".opus", ".aac", ".aif", ".aiff", ".amr"),
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp"),
    *(".mts", ".m2ts"),
}
"""How recordings and films are named."""
MICROSECONDS = 1_000_000


@contextmanager
def opening(source: Source) -> Iterator[InputContainer]:
    """Open a container; what a decoder raises meanwhile becomes UnreadableMedia."""
    import av

    bounds = {"format_whitelist": FORMATS, "protocol_whitelist": ""}
    with decoding(source), _judging(), ExitStack() as stack:
        stream = stream_of(source, stack)
        container = av.open(stream, "r", options=bounds, metadata_errors="ignore")
        yield stack.enter_context(container)


@contextmanager
def _judging() -> Iterator[None]:
    """Take what FFmpeg raises for a fault of the content, though it may look like the system's.

    What the system says of the file is raised by the stream, as it is.
    """
    from av.error import FFmpegError

    try:
        yield
    except FFmpegError as error:
        raise ValueError(error.strerror or "it breaks off") from error


def demand_shorter(source: Source, seconds: float, bound: float) -> None:
    """Raise MediaTooLarge for more seconds than are decoded."""
    if seconds > bound:
        raise MediaTooLarge(
            f"{name_of(source)}: longer than the {bound:g} seconds that are decoded"
        )


def film_of(container: InputContainer) -> VideoStream | None:
    """Give the stream of moving pictures; a recording's cover is none."""
    return next((stream for stream in container.streams.video if not is_cover(stream)), None)


def is_cover(stream: object) -> bool:
    """Tell a picture that comes with a recording from a film."""
    from av.stream import Disposition

    return bool(getattr(stream, "disposition", 0) & Disposition.attached_pic)


def length_of(container: InputContainer) -> float:
    """Give the seconds that a container claims to last; 0 where it does not say."""
    return max(0.0, (container.duration or 0) / MICROSECONDS)


def title_of(container: InputContainer) -> str:
    """Give the title that a container carries, with whose it is."""
    tags = {name.lower(): value.strip() for name, value in container.metadata.items()}
    named = (tags.get("artist", ""), tags.get("title", ""))
    return " – ".join(part for part in named if part)


def read_date(source: Source) -> datetime | None:
    """Read when a film was taken; None for a recording, whose date says nothing of what it is."""
    with opening(source) as container:
        return made_at(container) if film_of(container) else None


def made_at(container: InputContainer) -> datetime | None:
    """Give when a film was taken, as its camera noted it, with no time zone."""
    noted = container.metadata.get("creation_time", "")
    try:
        return datetime.fromisoformat(noted).replace(tzinfo=None) if noted else None
    except ValueError:
        return None
