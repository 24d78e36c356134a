"""From a path to a decoded file: what the threads of a run do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from indexer.bounds import demand_few_bytes, demand_few_bytes_of_text
from indexer.captioning import completed, read_captions, without_unreachable, words_of
from indexer.decoded import Decoded, Examined
from indexer.documents import READERS, open_document, read_document
from indexer.hashing import ChangedMeanwhile, changed, hash_file
from indexer.pictures import open_pictures, read_picture
from indexer.recordings import read_recording
from indexer.sniff import sniff
from indexer.thumbnails import copy_thumbnail, write_thumbnail
from retrieval.catalog.records import FoundFile, KnownContent
from retrieval.decode.apart import Apart
from retrieval.decode.containers import read_date
from retrieval.decode.decoder import is_risky
from retrieval.encoders.protocol import Encoder
from retrieval.media import Kind
from retrieval.speech.transcriber import Transcriber
from retrieval.thumbnails import Thumbnails

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files below a root."""

    root: Path
    encoder: Encoder
    thumbnails: Thumbnails
    """Says where the thumbnail of a content belongs, and where it was before."""
    apart: Apart

    def examine(self, found: FoundFile) -> Examined | None:
        """Recognise and hash a file with its sidecars; None for one that is not to be read."""
        file = self.root / found.path
        sniffed = sniff(file)
        if sniffed is None:
            return None
        demand_few_bytes(found.size, file)
        if sniffed.kind is Kind.TEXT and sniffed.mime not in READERS:
            demand_few_bytes_of_text(found.size, file)
        caption, unread = read_captions(self.root, found.sidecars)
        identity = caption.marked_on(hash_file(file, found.size))
        found = without_unreachable(found, unread)
        return Examined(found, file, identity, sniffed, caption, unread)

    def decode(self, examined: Examined) -> Decoded | None:
        """Decode a picture or document and write its thumbnail; None for a recording.

        Recordings are left to the thread of the run, one at a time, as speech takes all cores. Of
        what is known but for its caption, only the caption is given.
        """
        if examined.known is not None and (recalled := self._recall(examined, examined.known)):
            return recalled
        examined = replace(examined, known=None)
        if examined.sniffed.kind in {Kind.AUDIO, Kind.VIDEO}:
            return None
        file, mime = examined.file, examined.sniffed.mime
        if examined.sniffed.kind is Kind.IMAGE:
            opened = self._decode(examined, open_pictures, file)
            decoded = read_picture(examined, *opened, self.encoder)
        else:
            document = self._decode(examined, open_document, file, mime)
            decoded = read_document(examined, document, self.encoder)
        return self._checked(decoded)

    def _recall(self, examined: Examined, known: KnownContent) -> Decoded | None:
        """Take over what is known of a file's bytes; None for a picture whose looks are lost."""
        shown = self.thumbnails.files(known.content.hash)
        if known.content.kind is Kind.IMAGE and not any(file.exists() for file in shown):
            return None
        content = replace(known.content, hash=examined.hash)
        if known.content.hash != known.content.digest:
            dated = self.apart.decode(examined.file, read_date, examined.file)
            content = replace(content, taken_at=dated, latitude=None, longitude=None)
        for old, new in zip(shown, self.thumbnails.files(examined.hash), strict=True):
            copy_thumbnail(old, new)
        return self._checked(Decoded(examined, content, ()))

    def _decode(
        self, examined: Examined, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the work in another process, where it might bring this one down or hold it up."""
        mime = examined.sniffed.mime
        if is_risky(mime) or mime in READERS:
            return self.apart.decode(examined.file, work, *args, **kwargs)
        return work(*args, **kwargs)

    def listen(self, examined: Examined, transcriber: Transcriber) -> Decoded:
        """Decode a recording or a film, write down what is said, and write its thumbnail."""
        return self._checked(read_recording(examined, self.encoder, transcriber, self.apart))

    def _checked(self, decoded: Decoded) -> Decoded:
        examined = decoded.examined
        demand_unchanged(examined)
        if decoded.cover is not None:
            write_thumbnail(self.thumbnails.file(examined.hash), decoded.cover)
        return replace(
            decoded,
            content=completed(decoded.content, examined.caption),
            passages=(*decoded.passages, *words_of(examined.caption, self.encoder)),
        )


def demand_unchanged(examined: Examined) -> None:
    """Raise ChangedMeanwhile if the file is no longer the one that was hashed."""
    try:
        status = examined.file.stat()
    except OSError as error:
        raise ChangedMeanwhile(f"{examined.file}: vanished while it was read") from error
    found = examined.found
    if (status.st_size, status.st_mtime_ns) != (found.size, found.mtime_ns):
        raise changed(examined.file)
