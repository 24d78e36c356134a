"""The pictures of a document that are worth looking at.

Icons and rules are too small to show anything, and what a document shows on every page is its logo:
both are left out. Everything is bounded, for one document may hold more pictures than a folder of
photos; what comes after a bound is left out too, and the words are read all the same.
"""

from __future__ import annotations

from hashlib import sha256
from time import thread_time

from PIL.Image import Image

from indexer.archives import Archive
from indexer.opened import Illustration
from retrieval.decode.pictures import open_picture
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
"""Of computing, for all pictures of a document."""


class Album:
    """Gathers a document's pictures, each once."""

    def __init__(self) -> None:
        self._pasted: list[Illustration] = []
        self._known: set[bytes] = set()
        self._pixels = self._tried = 0
        self._began = thread_time()

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
            picture = open_picture(data) if self.is_new(data) else None
        except UnreadableMedia:
            return
        if picture and min(picture.width, picture.height) >= LEAST_SIDE:
            self.paste(picture.image, page)

    def paste(self, image: Image, page: int | None) -> None:
        """Take a picture that is ready to be encoded."""
        self._pasted.append(Illustration(image, page))
        self._pixels += image.width * image.height
