"""From a path to a decoded file: what the threads of a run do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.decoded import Decoded, Examined
from indexer.documents import read_document
from indexer.hashing import hash_file
from indexer.pictures import read_picture
from indexer.sniff import sniff
from indexer.thumbnails import write_thumbnail
from retrieval.catalog.records import FoundFile, Stamp
from retrieval.encoders.protocol import Encoder
from retrieval.errors import MediaTooLarge, TriptychError
from retrieval.media import Kind
from retrieval.settings import settings


class ChangedMeanwhile(TriptychError):
    """A file was written to while it was read; the next run will find it whole."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files below a root."""

    root: Path
    encoder: Encoder
    thumbnail_file: Callable[[str], Path]

    def examine(self, found: FoundFile) -> Examined | None:
        """Recognise and hash a file; None for one that is not meant to be read."""
        file = self.root / found.path
        sniffed = sniff(file)
        if sniffed is None:
            return None
        if found.size > settings().max_bytes:
            raise MediaTooLarge(
                f"{file}: {found.size} bytes are more than the {settings().max_bytes} that are "
                "read; raise TRIPTYCH_MAX_BYTES to allow it"
            )
        return Examined(found, file, hash_file(file), sniffed)

    def decode(self, examined: Examined) -> Decoded | None:
        """Decode a picture or document and write its thumbnail; None for a recording.

        Recordings are left to the thread of the run, one at a time: an hour of sound is large.
        """
        if examined.sniffed.kind is Kind.AUDIO:
            return None
        if examined.sniffed.kind is Kind.IMAGE:
            decoded = read_picture(examined)
        else:
            decoded = read_document(examined, self.encoder)
        demand_unchanged(examined)
        if decoded.cover is not None:
            write_thumbnail(self.thumbnail_file(examined.hash), decoded.cover)
        return decoded


def demand_unchanged(examined: Examined) -> None:
    """Raise ChangedMeanwhile if the file is no longer the one that was hashed."""
    try:
        status = examined.file.stat()
    except OSError as error:
        raise ChangedMeanwhile(f"{examined.file}: vanished while it was read") from error
    if Stamp(status.st_size, status.st_mtime_ns) != examined.found.stamp:
        raise ChangedMeanwhile(f"{examined.file}: changed while it was read; index it again")
