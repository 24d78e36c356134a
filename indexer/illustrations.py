"""The pictures of a document that are worth looking at.

Icons and rules are too small to show anything, and what a document shows on every page is its logo:
both are left out. Everything is bounded, for one document may hold more pictures than a folder of
photos; what comes after a bound is left out too, and the words are read all the same.
"""

from __future__ import annotations

from hashlib import sha256
from time import monotonic, thread_time

from PIL.Image import Image

from indexer.archives import Archive
from indexer.opened import Illustration
from retrieval.decode.lettering import end_of_reading, reader_of_lettering
from retrieval.decode.pictures import SHORT_SIDE, open_picture
from retrieval.decode.scaling import make_small, reduced_size
from retrieval.errors import UnreadableMedia

LEAST_SIDE = 64
"""Pixels; what is smaller is an icon or a rule."""
MOST = 200
"""Pictures of a document that are encoded."""
MOST_PIXELS = 64_000_000
"""Pixels that are held until they are encoded, some 200 MB."""
MOST_TRIED = 4_000
MOST_BYTES = 64 << 20
"""Of a picture's file."""
MOST_SECONDS = 60.0
"""Of computing, for all pictures of a document, without the reading of their lettering."""


class Album:
    """Gathers a document's pictures, each once, and what is written in them."""

    def __init__(self) -> None:
        self._pasted: list[Illustration] = []
        self._known: set[bytes] = set()
        self._pixels = self._tried = 0
        self._began = thread_time()
        self._read = reader_of_lettering()
        self._until = end_of_reading()

    @property
    def reads(self) -> bool:
        """Tell whether lettering is read, and still is."""
        return self._read is not None and monotonic() < self._until

    @property
    def full(self) -> bool:
        """Tell whether no more pictures are taken."""
        return (
            len(self._pasted) >= MOST
            or self._pixels >= MOST_PIXELS
            or self._tried >= MOST_TRIED
            or thread_time() - self._began > MOST_SECONDS
        )

    @property
    def illustrations(self) -> tuple[Illustration, ...]:
        """What was taken, in its order."""
        return tuple(self._pasted)

    def is_new(self, data: bytes) -> bool:
        """Tell whether these bytes, of a picture or of its name, are met for the first time."""
        self._tried += 1
        digest = sha256(data).digest()
        new = digest not in self._known
        self._known.add(digest)
        return new

    def unpack(self, archive: Archive, name: str, page: int | None) -> None:
        """Take a picture out of an archive, unless it is missing, damaged, tiny or known."""
        if self.full or name not in archive or not self.is_new(name.encode("utf-8", "replace")):
            return
        # A document is worth reading without a picture that is broken or of a rare format.
        try:
            data = archive.read(name, MOST_BYTES)
            picture = (
                open_picture(data, read=self.read if self.reads else None)
                if self.is_new(data)
                else None
            )
        except UnreadableMedia:
            return
        if picture and min(picture.width, picture.height) >= LEAST_SIDE:
            self._take(Illustration(picture.image, page, picture.lettering))

    def paste(self, image: Image, page: int | None) -> None:
        """Take a picture, which may be as large as lettering is read at."""
        small = make_small(image, reduced_size(image.size, SHORT_SIDE), None)
        self._take(Illustration(small, page, self.read(image)))

    def read(self, image: Image) -> str:
        """Write down the lettering in a picture; nothing where it is not read, or no longer."""
        if self._read is None or not self.reads:
            return ""
        began = thread_time()
        lettering = self._read(image)
        self._began += thread_time() - began
        return lettering

    def _take(self, illustration: Illustration) -> None:
        self._pasted.append(illustration)
        self._pixels += illustration.image.width * illustration.image.height
