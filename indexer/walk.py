"""The files of a folder, in a fixed order.

Hidden files and folders, linked folders, devices and folders that hold a library are passed over.
What cannot be listed or named is reported in place and never stops the walk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from retrieval.catalog.records import FoundFile
from retrieval.decode.border import name_of
from retrieval.media import Failure

CATALOG = "catalog.sqlite"
"""A folder with a file of this name is a library, not media."""


def walk(root: Path, under: str = "") -> Iterator[FoundFile | Failure]:
    """Yield the files at or below ``root / under``, depth first and sorted by name.

    Paths are relative to ``root``, with forward slashes.
    """
    start = root / under
    if start.is_file():
        yield from _look(start, under)
        return
    waiting = [under]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _list(root / folder)
        except OSError as error:
            yield Failure(name_of(Path(folder or ".")), f"cannot be listed: {error.strerror}")
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not _is_unicode(entry.name):
                yield Failure(name_of(Path(path)), "its name is not valid Unicode; rename it")
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield from _look(Path(entry), path)


def _list(folder: Path) -> list[os.DirEntry[str]]:
    """List what is not hidden: files by name, then folders so that the first is popped first."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    if any(entry.name == CATALOG for entry in entries):
        return []
    shown = [entry for entry in entries if not entry.name.startswith(".")]
    folders = [entry for entry in shown if entry.is_dir(follow_symlinks=False)]
    return [entry for entry in shown if entry not in folders] + folders[::-1]


def _look(file: Path, path: str) -> Iterator[FoundFile]:
    try:
        status = file.stat()
    except OSError:
        return
    if stat.S_ISREG(status.st_mode):
        yield FoundFile(path, status.st_size, status.st_mtime_ns)


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
