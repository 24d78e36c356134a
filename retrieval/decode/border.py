"""The border to the decoding libraries, where every error of theirs becomes one of ours."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from retrieval.errors import MediaTooLarge, TriptychError, UnreachableMedia, UnreadableMedia
from retrieval.settings import settings

Source = Path | bytes | BinaryIO
"""A file, the bytes of an upload, or an open binary stream."""
WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""How a pipe or a terminal is opened that nobody meant to be read; makes no odds to files."""


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
        reason = error.strerror or type(error).__name__
        raise UnreachableMedia(f"{name_of(source)}: cannot be read: {reason}") from error
    except MemoryError as error:
        raise MediaTooLarge(
            f"{name_of(source)}: takes more memory than there is to decode it; "
            "raise TRIPTYCH_MAX_DECODING_BYTES to allow more"
        ) from error
    # A decoder that is fed hostile bytes raises anything, from struct.error to RecursionError.
    except Exception as error:
        raise UnreadableMedia(f"{name_of(source)}: {_words(error)}") from error


def stream_of(source: Source, stack: ExitStack) -> BinaryIO:
    """Give a source as a stream, which is closed with the stack if it was opened here."""
    if isinstance(source, bytes):
        return BytesIO(source)
    if isinstance(source, Path):
        return stack.enter_context(open_file(source))
    return source


def open_file(file: Path) -> BufferedReader:
    """Open a file to be read; see ``only_regular``."""
    return open(file, "rb", opener=only_regular)


def only_regular(file: str | Path, flags: int) -> int:
    """Open a regular file, as the ``opener`` of ``open``; what it was when listed may be past.

    Raises UnreachableMedia for a pipe, which would block, a device, which may not end, or a folder.
    """
    descriptor = os.open(file, flags | WITHOUT_WAITING)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise UnreachableMedia(f"{name_of(Path(file))}: is no file but a pipe, a device or a folder")


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
    reason = words[0] if words else type(error).__name__
    return f"cannot be decoded ({reason}); if it is damaged or cut short, get a whole copy of it"
