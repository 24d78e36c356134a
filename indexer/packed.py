"""Which document a zip archive is, by what it holds."""

from __future__ import annotations

from pathlib import Path

from indexer.archives import open_archive
from retrieval.decode.border import name_of, open_file
from retrieval.errors import UnreadableMedia

ZIP = b"PK\x03\x04"
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of Office before 2007 begin, and the wrappers of encrypted ones since."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OPEN_XML}.wordprocessingml.document"
PPTX = f"{_OPEN_XML}.presentationml.presentation"
EPUB = "application/epub+zip"
PACKED = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), DOCX),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), PPTX),
    ".epub": EPUB,
}
OPEN_ELSEWHERE = "~$"
"""How the names of Office's notes begin that tell who has a document open."""
MOST_MIMETYPE = 256
SECTOR, FIRST_SECTOR = 512, 48
"""A compound file's least sector, and where its header tells the number of the directory's."""
DIRECTORY = 4096
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def packed_type(file: Path, head: bytes, suffix: str) -> str | None:
    """Name the type of the document that an archive is; None for any other file.

    Raises UnreadableMedia for one that is named like such a document and cannot be opened.
    """
    if head.startswith(COMPOUND) and suffix in PACKED:
        raise UnreadableMedia(f"{name_of(file)}: {_describe_compound(file)}")
    if not head.startswith(ZIP):
        return None
    try:
        return _recognise(file)
    except UnreadableMedia:
        if suffix in PACKED:
            raise
        return None


def _recognise(file: Path) -> str | None:
    with open_archive(file) as archive:
        if "mimetype" in archive:
            named = archive.read("mimetype", MOST_MIMETYPE).decode("ascii", "replace").strip()
            return EPUB if named == EPUB else None
        if "[Content_Types].xml" not in archive:
            return None
        folders = {name.partition("/")[0] for name in archive.names}
        return DOCX if "word" in folders else PPTX if "ppt" in folders else None


def _describe_compound(file: Path) -> str:
    """Say why a compound file with a newer document's name cannot be read."""
    with open_file(file) as stream:
        header = stream.read(SECTOR)
        shift = int.from_bytes(header[30:32], "little")
        number = int.from_bytes(header[FIRST_SECTOR : FIRST_SECTOR + 4], "little")
        stream.seek(min((number + 1) << min(shift, 12), file.stat().st_size))
        encrypted = ENCRYPTED in stream.read(DIRECTORY)
    if encrypted:
        return "is encrypted; save a copy without a password to index it"
    return "is of a format older than its name; open it and save it anew to index it"
