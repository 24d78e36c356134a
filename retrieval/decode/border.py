"""The border to the decoding libraries, where every error of theirs becomes one of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from retrieval.errors import MediaTooLarge, TriptychError, UnreachableMedia, UnreadableMedia
from retrieval.settings import settings

Source = Path | bytes | BinaryIO
"""A file, the bytes of an upload, or an open binary stream."""


@contextmanager
def decoding(source: Source) -> Iterator[None]:
    """Raise whatever a decoder raises in this block as UnreadableMedia, naming the source.

    What the system says of reaching the file is raised as UnreachableMedia.
    """
    try:
        yield
    except TriptychError:
        raise
    except OSError as error:
        if error.errno is None:
            raise UnreadableMedia(f"{name_of(source)}: {_words(error)}") from error
        raise UnreachableMedia(f"{name_of(source)}: {error.strerror or _words(error)}") from error
    # A decoder that is fed hostile bytes raises anything, from struct.error to RecursionError.
    except Exception as error:
        raise UnreadableMedia(f"{name_of(source)}: {_words(error)}") from error


def stream_of(source: Source, stack: ExitStack) -> BinaryIO:
    """Give a source as a stream, which is closed with the stack if it was opened here."""
    if isinstance(source, bytes):
        return BytesIO(source)
    if isinstance(source, Path):
        return stack.enter_context(source.open("rb"))
    return source


def demand_fewer_pixels(source: Source, width: int, height: int) -> None:
    """Raise MediaTooLarge for more pixels than are decoded."""
    bound = settings().max_pixels
    if width * height > bound:
        raise MediaTooLarge(
            f"{name_of(source)}: {width}×{height} pixels are more than the {bound} that are "
            "decoded; raise TRIPTYCH_MAX_PIXELS to allow it"
        )


def name_of(source: Source) -> str:
    """Name a source in a message."""
    if isinstance(source, Path):
        return str(source).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "the upload"


def _words(error: Exception) -> str:
    words = str(error).splitlines()
    return f"cannot be decoded ({words[0] if words else type(error).__name__})"
