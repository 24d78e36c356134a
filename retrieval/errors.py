"""Every error Triptych raises on purpose, in one hierarchy.

A message says what went wrong, with which file or field, and what to do about it. The library
raises; the command line and the web application each translate once, at their edge.
"""

from __future__ import annotations


class TriptychError(Exception):
    """The base of all errors that are meant for a person to read."""


# The question cannot be answered as asked.


class InvalidQuery(TriptychError):
    """A query, filter or option has a value that cannot be used."""


class NotFound(TriptychError):
    """The item asked for is not in the library."""


# A file cannot be used.


class UnreadableMedia(TriptychError):
    """A file or upload cannot be decoded as what it claims to be."""


class UnreachableMedia(UnreadableMedia):
    """A file cannot be reached or read just now; what it holds may be sound."""


class MediaTooLarge(UnreadableMedia):
    """A file or upload exceeds a bound on bytes, pixels, pages or seconds."""


class UnsupportedMedia(UnreadableMedia):
    """A file's content is of no kind that Triptych reads."""


# The library cannot be used.


class LibraryError(TriptychError):
    """A library directory is missing, damaged, newer than this program or in use."""


class LibraryNotFound(LibraryError):
    """There is no library in the directory named."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class StillReadable(LibraryError):
    """What was forgotten is found no more, but its words are in the catalog's file for now."""


class DiskFull(LibraryError):
    """The disk of a library, or of temporary files, has no room left; what was kept is whole."""


class EncoderMismatch(LibraryError):
    """The library was made with another encoder, whose vectors cannot be compared."""


# A model cannot be used.


class ModelUnavailable(TriptychError):
    """An encoder's or transcriber's weights are missing or damaged."""


class TrainingError(TriptychError):
    """An encoder cannot be trained: too little to learn from, or a directory that is in the way."""


# A server cannot be used.


class ServerError(TriptychError):
    """A server that a client asked refused, or did not answer."""

    def __init__(self, said: str, status: int) -> None:
        super().__init__(said)
        self.status = status
        """Of the reply; 0 where there was none."""
