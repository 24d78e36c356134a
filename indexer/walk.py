"""The files of a folder, in a fixed order.

Hidden files and folders, linked folders, devices, what programs and systems leave behind, and
folders that hold a library or are marked as nothing to search are passed over; nothing is opened.
A sidecar is met with the file it belongs to, not by itself. What cannot be listed, examined or
named is reported in place and never stops the walk; what vanishes meanwhile is not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from errno import EACCES, ELOOP, ENOENT, ENOTDIR
from operator import attrgetter
from pathlib import Path

from retrieval.catalog.records import FoundFile
from retrieval.decode.border import name_of
from retrieval.media import Failure
from retrieval.sidecars import MOST_BYTES, beginning_of, is_named_like_a_sidecar, pair

CATALOG = "catalog.sqlite"
"""A folder with a file of this name is a library, not media."""
MARKS = {".nomedia", "CACHEDIR.TAG", "pyvenv.cfg"}
"""A folder with a file of such a name is hidden, a cache or a Python environment, unless it is
itself what is to be searched."""

HIDDEN = (".", "~$")
"""What the names begin with of files that are hidden, or that mark a document as open."""
LITTER = {
    *("Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"),
    *("@eaDir", "#recycle", "@Recycle", "@Recently-Snapshot", "lost+found", "__MACOSX"),
    *("node_modules", "__pycache__"),
}
"""What Windows, macOS, network storage and programs leave in people's folders: among it small
pictures of theirs, what was thrown away, and thousands of files that others wrote."""

GONE = {ENOENT, ENOTDIR, ELOOP}
"""What the system says of a name that leads nowhere."""

Met = FoundFile | Failure
_by_name = attrgetter("name")


def walk(root: Path, under: str = "") -> Iterator[Met]:
    """Yield the files at or below ``root / under``, depth first and sorted by name.

    Of a file, those beside it come too whose names begin alike: its sidecars, or what it is one of.
    Paths are relative to ``root``, with forward slashes.
    """
    if under and not os.path.isdir(os.path.join(root, under)):
        yield from _near(root, under)
        return
    waiting = [under]
    while waiting:
        folder = waiting.pop()
        try:
            files, folders = _list(os.path.join(root, folder), may_be_marked=not folder)
        except OSError as error:
            if error.errno not in GONE:
                yield _failure(folder or ".", "listed", error)
            continue
        below = f"{folder}/" if folder else ""
        yield from _meet_all(files, below)
        for entry in folders:
            if _is_unicode(entry.name):
                waiting.append(below + entry.name)
            else:
                yield _unnamed(below + entry.name)


def is_near(path: str, place: str) -> bool:
    """Tell whether the walk of a file comes by a path, if it lies in the same folder."""
    return path.startswith(f"{place}/") or _begins(path) == _begins(place)


def is_passed_over(name: str) -> bool:
    """Tell whether files or folders of this name are never media."""
    return name.startswith(HIDDEN) or name in LITTER


def is_closed(folder: Path, root: Path) -> bool:
    """Tell whether a folder at or below a root is passed over for a file that is in it."""
    marks = {CATALOG} if folder == root else MARKS | {CATALOG}
    return any((folder / mark).exists() for mark in marks)


def _begins(path: str) -> str:
    """Give what is common to the names of a file and its sidecars, on systems that mind no case."""
    return beginning_of(path.rpartition("/")[2]).casefold()


def _near(root: Path, place: str) -> Iterator[Met]:
    """Meet what is near a file, spelt as its folder spells it: some systems mind no case."""
    folder, _, name = place.rpartition("/")
    below = f"{folder}/" if folder else ""
    try:
        with os.scandir(os.path.join(root, folder)) as scan:
            near = [
                entry
                for entry in scan
                if entry.name == name
                or (_begins(entry.name) == _begins(name) and not is_passed_over(entry.name))
            ]
    except OSError as error:
        if error.errno not in GONE:
            yield _failure(folder or ".", "listed", error)
        # Where listing is not allowed, a file may still be read.
        met = _look(os.path.join(root, place), place) if error.errno == EACCES else None
        if met is not None:
            yield met
        return
    yield from _meet_all(sorted(near, key=_by_name), below)


def _list(
    folder: str, may_be_marked: bool
) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """List what is not passed over: files by name, and folders so that the first is popped first.

    A link to a folder counts among the files, where it is seen to be none.
    """
    files: list[os.DirEntry[str]] = []
    folders: list[os.DirEntry[str]] = []
    with os.scandir(folder) as scan:
        for entry in scan:
            if entry.name == CATALOG or (entry.name in MARKS and not may_be_marked):
                return [], []
            if not is_passed_over(entry.name):
                (folders if entry.is_dir(follow_symlinks=False) else files).append(entry)
    return sorted(files, key=_by_name), sorted(folders, key=_by_name, reverse=True)


def _meet_all(files: Sequence[os.DirEntry[str]], below: str) -> Iterator[Met]:
    """Meet a folder's files, each with its sidecars."""
    joined = _join(files, below)
    taken = {sidecar.path for found in joined.values() for sidecar in found.sidecars}
    for entry in files:
        path = below + entry.name
        if path not in taken:
            met = joined.get(path) or _meet(entry, path)
            if met is not None:
                yield met


def _join(files: Sequence[os.DirEntry[str]], below: str) -> dict[str, FoundFile]:
    """Find the files that have sidecars, by their paths."""
    if not any(is_named_like_a_sidecar(entry.name) for entry in files):
        return {}
    entries = {entry.name: entry for entry in files if _is_unicode(entry.name)}
    pairs = pair(entries)
    named = {*pairs, *(name for names in pairs.values() for name in names)}
    met = {name: _look(entries[name].path, below + name) for name in named}
    seen = {name: found for name, found in met.items() if isinstance(found, FoundFile)}
    joined = {}
    for name, names in pairs.items():
        sidecars = (seen[sidecar] for sidecar in names if sidecar in seen)
        small = tuple(sidecar for sidecar in sidecars if sidecar.size <= MOST_BYTES)
        if name in seen and small:
            joined[below + name] = replace(seen[name], sidecars=small)
    return joined


def _meet(entry: os.DirEntry[str], path: str) -> Met | None:
    return _look(entry.path, path) if _is_unicode(entry.name) else _unnamed(path)


def _look(file: str, path: str) -> Met | None:
    """Examine a file; None for what is none, or is gone."""
    try:
        status = os.stat(file)
    except OSError as error:
        return None if error.errno in GONE else _failure(path, "examined", error)
    if stat.S_ISREG(status.st_mode):
        return FoundFile(path, status.st_size, status.st_mtime_ns)
    return None


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
