"""Which files of a folder are sidecars: captions and keywords of a picture, recording or film.

Names alone tell. Programs add an ending to the file's whole name (``photo.jpg.xmp``) or put it in
place of its own (``photo.xmp``). Google's Takeout adds ``.supplemental-metadata`` before it, cuts
what that makes at 46 characters, and moves the number of ``photo(1).jpg`` to the end. A sidecar may
belong to several files, as to a raw file and its JPEG.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from os.path import splitext

from retrieval.decode.containers import SUFFIXES as RECORDINGS
from retrieval.decode.formats import SUFFIXES as PICTURES

MEDIA = PICTURES | RECORDINGS
"""How pictures, recordings and films are named."""
XMP, JSON, TEXT = ".xmp", ".json", ".txt"
ENDINGS = (XMP, JSON, TEXT)
"""How sidecars end, those with the most considered words first."""
MOST_BYTES = 1 << 20
"""What is larger is no caption, but a file like any other."""
SUPPLEMENT = ".supplemental-metadata"
INFO = ".info"
"""What yt-dlp puts before its ending."""
CLIPPED = 46
"""Characters at which Takeout cuts a name, before its ending and the number of a copy."""
NUMBER = re.compile(r"\(\d+\)$")
BEGINNING = re.compile(r"[^.(]*")


def pair(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the sidecars of each file of a folder that has any, those that tell most first."""
    sidecars = [name for name in names if is_named_like_a_sidecar(name)]
    if not sidecars:
        return {}
    whole: defaultdict[str, list[str]] = defaultdict(list)
    cut: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(sidecars, key=_rank):
        stem, ending = splitext(name)
        for meant in {_spelt(meant) for meant in _meant(stem, ending.lower())}:
            whole[meant].append(name)
        if ending.lower() == JSON and len(NUMBER.sub("", stem)) == CLIPPED:
            cut[stem].append(name)
    media = [name for name in names if splitext(name)[1].lower() in MEDIA]
    claims = Counter(clipped for name in media for clipped in _clipped(name))
    paired: dict[str, tuple[str, ...]] = {}
    for name in media:
        found = [*whole[_spelt(name)], *whole[splitext(name)[0]]]
        # Two names that are cut to the same leave open which of them is meant.
        found += [one for short in _clipped(name) if claims[short] == 1 for one in cut[short]]
        if found:
            paired[name] = tuple(sorted(dict.fromkeys(found), key=_rank))
    return paired


def is_named_like_a_sidecar(name: str) -> bool:
    """Tell whether a file could be a sidecar, if what it belongs to is beside it."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def beginning_of(name: str) -> str:
    """Give what a file's name has in common with those of its sidecars."""
    found = BEGINNING.match(name)
    return found[0][:CLIPPED] if found else ""


def _rank(name: str) -> tuple[int, str]:
    return ENDINGS.index(splitext(name)[1].lower()), name


def _meant(stem: str, ending: str) -> Iterator[str]:
    """Give the names, with or without their endings, of what a sidecar may belong to."""
    yield stem
    if ending != JSON:
        return
    if stem.endswith(INFO):
        yield stem.removesuffix(INFO)
    base, number = _without_number(stem)
    if number:
        yield _numbered(base, number)
    named, dot, rest = base.rpartition(".")
    if dot and SUPPLEMENT.startswith(dot + rest):
        yield _numbered(named, number)


def _without_number(stem: str) -> tuple[str, str]:
    base = NUMBER.sub("", stem)
    return base, stem[len(base) :]


def _numbered(name: str, number: str) -> str:
    stem, ending = splitext(name)
    return f"{stem}{number}{ending}" if ending.lower() in MEDIA else name + number


def _spelt(name: str) -> str:
    """Write a name with its ending in small letters, if it is one of media."""
    stem, ending = splitext(name)
    return stem + ending.lower() if ending.lower() in MEDIA else name


def _clipped(name: str) -> set[str]:
    """Give what Takeout may cut a long name to."""
    stem, ending = splitext(name)
    base, number = _without_number(stem)
    long = {(name, ""), (base + ending, number)}
    return {whole[:CLIPPED] + last for whole, last in long if len(whole) > CLIPPED}
