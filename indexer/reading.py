"""From a path to a decoded file: what the threads of a run do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from indexer.decoded import Decoded, Examined
from indexer.documents import READERS, open_document, read_document
from indexer.hashing import hash_file
from indexer.pictures import read_picture
from indexer.recordings import read_recording
from indexer.sniff import sniff
from indexer.thumbnails import write_thumbnail
from retrieval.catalog.records import FoundFile, Stamp
from retrieval.decode.apart import Apart
from retrieval.decode.formats import HEIF, is_raw
from retrieval.encoders.protocol import Encoder
from retrieval.errors import MediaTooLarge, TriptychError
from retrieval.media import Kind
from retrieval.settings import settings
from retrieval.speech.transcriber import Transcriber

P = ParamSpec("P")
T = TypeVar("T")
RISKY = {*HEIF, "image/avif", "image/icns", "image/jp2", *READERS}
"""Types whose decoders crash, hang or take memory on files that were made to hurt."""


class ChangedMeanwhile(TriptychError):
    """A file was written to while it was read; the next run will find it whole."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files below a root."""

    root: Path
    encoder: Encoder
    thumbnail_file: Callable[[str], Path]
    apart: Apart

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

        Recordings are left to the thread of the run, one at a time, as speech takes all cores.
        """
        if examined.sniffed.kind in {Kind.AUDIO, Kind.VIDEO}:
            return None
        file, mime = examined.file, examined.sniffed.mime
        if examined.sniffed.kind is Kind.IMAGE:
            decoded = self._decode(examined, read_picture, examined)
        else:
            document = self._decode(examined, open_document, file, mime)
            decoded = read_document(examined, document, self.encoder)
        return self._checked(decoded)

    def _decode(
        self, examined: Examined, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the work in another process, where it might bring this one down or hold it up."""
        if is_risky(examined.sniffed.mime):
            return self.apart.decode(examined.file, work, *args, **kwargs)
        return work(*args, **kwargs)

    def listen(self, examined: Examined, transcriber: Transcriber) -> Decoded:
        """Decode a recording or a film, write down what is said, and write its thumbnail."""
        return self._checked(read_recording(examined, self.encoder, transcriber, self.apart))

    def _checked(self, decoded: Decoded) -> Decoded:
        demand_unchanged(decoded.examined)
        if decoded.cover is not None:
            write_thumbnail(self.thumbnail_file(decoded.examined.hash), decoded.cover)
        return decoded


def is_risky(mime: str) -> bool:
    """Tell whether a type is decoded in another process."""
    return mime in RISKY or is_raw(mime)


def demand_unchanged(examined: Examined) -> None:
    """Raise ChangedMeanwhile if the file is no longer the one that was hashed."""
    try:
        status = examined.file.stat()
    except OSError as error:
        raise ChangedMeanwhile(f"{examined.file}: vanished while it was read") from error
    if Stamp(status.st_size, status.st_mtime_ns) != examined.found.stamp:
        raise ChangedMeanwhile(f"{examined.file}: changed while it was read; index it again")
