"""Zip archives that may be hostile, as documents are packed in.

Names are only looked up, never written to; archives within are bytes like any other. Whatever a
directory claims, no more is unpacked than was asked for, part by part and in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from retrieval.decode.border import decoding, name_of, only_regular
from retrieval.errors import MediaTooLarge, UnreadableMedia

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ENTRIES = 20_000
MOST_DIRECTORY = 8 << 20
"""Bytes of an archive's directory, which is read at once and swells twentyfold in memory."""
MOST_READ = 512 << 20
"""Bytes that are unpacked of one archive."""
HARMLESS = 100 << 20
MOST_PACKED = 200
"""An archive of more than so many bytes, each byte of whose file stands for so many, is a bomb."""
MOST_TREE = 4 << 20
"""Bytes of XML that is held as a tree, which takes fifty times as much memory."""
CHUNK = 1 << 20
CLOSED = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
"""How XML is parsed that may try to reach or to swell."""
ENCRYPTED = 1
"""The flag of an entry that needs a password."""


class Listener(Protocol):
    """Hears of an XML file's tags and text as they come, so that no tree of them is held."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear of a tag that opens."""

    def end(self, tag: str) -> None:
        """Hear of a tag that closes."""

    def data(self, data: str) -> None:
        """Hear a piece of text."""

    def close(self) -> str:
        """Hear no more, and say what was made of it all."""


class Archive:
    """An open zip archive."""

    def __init__(self, file: Path, packed: ZipFile) -> None:
        self._file = file
        self._packed = packed
        self._entries = {entry.filename: entry for entry in packed.infolist()}
        self._left = MOST_READ
        self._demand_modest()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> list[str]:
        """What the archive holds."""
        return list(self._entries)

    def read(self, name: str, most: int) -> bytes:
        """Unpack an entry; raise MediaTooLarge if it has more than ``most`` bytes."""
        return b"".join(self.chunks(name, most))

    def chunks(self, name: str, most: int) -> Iterator[bytes]:
        """Unpack an entry piece by piece, as read does."""
        entry = self._entries.get(name)
        if entry is None:
            raise UnreadableMedia(f"{name_of(self._file)}: is damaged; it lacks {name}")
        if entry.flag_bits & ENCRYPTED:
            raise UnreadableMedia(
                f"{name_of(self._file)}: is encrypted; save a copy without a password to index it"
            )
        if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise UnreadableMedia(f"{name_of(self._file)}: {name} is packed as no document is")
        # A damaged entry is told from a damaged archive: some can be done without.
        with decoding(self._file), self._packed.open(entry) as stream:
            while chunk := stream.read(min(CHUNK, most + 1)):
                most -= len(chunk)
                self._left -= len(chunk)
                if min(most, self._left) < 0:
                    raise MediaTooLarge(
                        f"{name_of(self._file)}: {name} unpacks to more than is read"
                    )
                yield chunk

    def tree(self, name: str) -> _Element:
        """Parse a small entry as XML, without entities, a DTD or the network."""
        from lxml import etree

        parser = etree.XMLParser(recover=True, **CLOSED)
        root = etree.fromstring(self.read(name, MOST_TREE), parser)
        if root is None:
            raise UnreadableMedia(f"{name_of(self._file)}: is damaged; {name} is no XML")
        return root

    def tell(self, name: str, listener: Listener, most: int) -> str:
        """Tell a listener an XML entry's tags and text, and give what it made of them."""
        from lxml import etree

        parser = etree.XMLParser(target=listener, **CLOSED)
        for chunk in self.chunks(name, most):
            parser.feed(chunk)
        made: str = parser.close()
        return made

    def _demand_modest(self) -> None:
        entries, name = self._packed.infolist(), name_of(self._file)
        if len(entries) > MOST_ENTRIES:
            raise MediaTooLarge(f"{name}: holds {len(entries)} entries, more than are read")
        whole = sum(entry.file_size for entry in entries)
        if whole > max(HARMLESS, MOST_PACKED * self._file.stat().st_size):
            raise MediaTooLarge(f"{name}: would unpack to {whole} bytes, as only a trap does")


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Open a zip archive.

    Raises UnreadableMedia for a damaged one, MediaTooLarge for one that is too large to unpack.
    """
    with decoding(file), _Careful(file, opener=only_regular) as stream:
        try:
            with ZipFile(stream) as packed:
                yield Archive(file, packed)
        except BadZipFile as error:
            raise UnreadableMedia(
                f"{name_of(file)}: is a damaged archive ({error}); get a whole copy of it"
            ) from error


class _Careful(FileIO):
    """A file that gives no more at once than a modest directory has."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_DIRECTORY:
            raise MediaTooLarge(f"{name_of(Path(str(self.name)))}: its list of entries is too long")
        return super().read(-1 if size is None else size)
