"""The files of a folder, in a fixed order.

Hidden files and folders, linked folders, devices, what programs and systems leave behind, and
folders that hold a library are passed over; nothing is opened. What cannot be listed, examined or
named is reported in place and never stops the walk; what vanishes meanwhile is not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from errno import ELOOP, ENOENT, ENOTDIR
from operator import attrgetter
from pathlib import Path

from retrieval.catalog.records import FoundFile
from retrieval.decode.border import name_of
from retrieval.media import Failure

CATALOG = "catalog.sqlite"
"""A folder with a file of this name is a library, not media."""

HIDDEN = (".", "~$")
"""What the names begin with of files that are hidden, or that mark a document as open."""
LITTER = {
    *("Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"),
    *("@eaDir", "#recycle", "@Recycle", "@Recently-Snapshot", "lost+found", "__MACOSX"),
}
"""What Windows, macOS and network storage leave in people's folders: among it small pictures of
theirs, and what was thrown away."""

GONE = {ENOENT, ENOTDIR, ELOOP}
"""What the system says of a name that leads nowhere."""

Met = FoundFile | Failure
_by_name = attrgetter("name")


def walk(root: Path, under: str = "") -> Iterator[Met]:
    """Yield the files at or below ``root / under``, depth first and sorted by name.

    Paths are relative to ``root``, with forward slashes.
    """
    start = os.path.join(root, under)
    if os.path.isfile(start):
        yield from _look(start, _as_spelt(root, under))
        return
    waiting = [under]
    while waiting:
        folder = waiting.pop()
        try:
            files, folders = _list(os.path.join(root, folder))
        except OSError as error:
            if error.errno not in GONE:
                yield _failure(folder or ".", "listed", error)
            continue
        below = f"{folder}/" if folder else ""
        for entry in files:
            yield from _meet(entry, below + entry.name)
        for entry in folders:
            if _is_unicode(entry.name):
                waiting.append(below + entry.name)
            else:
                yield _unnamed(below + entry.name)


def is_passed_over(name: str) -> bool:
    """Tell whether files or folders of this name are never media."""
    return name.startswith(HIDDEN) or name in LITTER


def _as_spelt(root: Path, path: str) -> str:
    """Give a file's path as its folder spells it: some file systems take no notice of case."""
    folder, _, name = path.rpartition("/")
    try:
        with os.scandir(os.path.join(root, folder)) as scan:
            like = [entry.name for entry in scan if entry.name.casefold() == name.casefold()]
    except OSError:
        return path  # a file may be read where its folder cannot be listed
    return path if name in like or not like else path.removesuffix(name) + like[0]


def _list(folder: str) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """List what is not passed over: files by name, and folders so that the first is popped first.

    A link to a folder counts among the files, where it is seen to be none.
    """
    files: list[os.DirEntry[str]] = []
    folders: list[os.DirEntry[str]] = []
    with os.scandir(folder) as scan:
        for entry in scan:
            if entry.name == CATALOG:
                return [], []
            if not is_passed_over(entry.name):
                (folders if entry.is_dir(follow_symlinks=False) else files).append(entry)
    return sorted(files, key=_by_name), sorted(folders, key=_by_name, reverse=True)


def _meet(entry: os.DirEntry[str], path: str) -> Iterator[Met]:
    if _is_unicode(entry.name):
        yield from _look(entry.path, path)
    else:
        yield _unnamed(path)


def _look(file: str, path: str) -> Iterator[Met]:
    try:
        status = os.stat(file)
    except OSError as error:
        if error.errno not in GONE:
            yield _failure(path, "examined", error)
        return
    if stat.S_ISREG(status.st_mode):
        yield FoundFile(path, status.st_size, status.st_mtime_ns)


def _failure(path: str, done: str, error: OSError) -> Failure:
    return Failure(name_of(Path(path)), f"cannot be {done}: {error.strerror}")


def _unnamed(path: str) -> Failure:
    return Failure(name_of(Path(path)), "its name is not valid Unicode; rename it")


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
