"""Lets go of files for good: rows, words, vectors, sketches and thumbnails; never the files.

Contents that files elsewhere hold stay theirs. Forgotten files come back when they are indexed
again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalog.writer import Writer
from retrieval.decode.border import name_of
from retrieval.errors import LibraryError, NotFound, StillReadable
from retrieval.library import Library


@dataclass(frozen=True, slots=True)
class Known:
    """How many files a library knows somewhere, be they there or not, and their bytes."""

    items: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Forgotten(Known):
    """How much a library let go of."""

    notice: str = ""
    """Why its words can still be read in the catalog's file, and until when; else empty."""


def find_known(library: Library, paths: Sequence[Path]) -> Known:
    """Say how much of a library ``forget`` would let go of.

    Raises NotFound for a path at and below which nothing is known.
    """
    sizes = _find(library, paths)
    return Known(len(sizes), sum(sizes.values()))


def forget(library: Library, paths: Sequence[Path]) -> Forgotten:
    """Let go of all files at or below paths, which need not exist, and say how much it was.

    Raises NotFound as ``find_known`` does; LibraryBusy while another process writes.
    """

    def discard(hashes: Iterable[str]) -> None:
        for digest in hashes:
            for file in library.thumbnails.files(digest):
                _delete(file)

    with library.write() as writer:
        sizes = _find(library, paths)
        writer.forget([_placed(path) for path in paths], sizes, discard)
        library.vectors.purge()
        notice = _scrub(writer)
    return Forgotten(len(sizes), sum(sizes.values()), notice)


def _find(library: Library, paths: Sequence[Path]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for path in paths:
        found = library.catalog.items_at(placed := _placed(path))
        roots = [root for root in library.catalog.roots() if root.path.is_relative_to(placed)]
        if not found and not roots:
            raise NotFound(f"{name_of(path)}: nothing at or below it is in {library.path}.")
        sizes |= found
    return sizes


def _scrub(writer: Writer) -> str:
    """Take the words out of the catalog's file as well, or say why they are still in it."""
    try:
        writer.scrub()
    except StillReadable as error:
        return str(error)
    return ""


def _delete(thumbnail: Path) -> None:
    try:
        thumbnail.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(
            f"{thumbnail} cannot be deleted ({error.strerror}), so nothing was forgotten."
        ) from error


def _placed(path: Path) -> Path:
    """Make a path absolute; a link to a file is itself an item, one to a folder is none."""
    absolute = Path(os.path.abspath(path.expanduser()))
    return absolute.resolve() if absolute.is_dir() else absolute.parent.resolve() / absolute.name
