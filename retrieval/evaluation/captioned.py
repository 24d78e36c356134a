"""Captioned photos: what an encoder is measured with.

One line of the file is one photo with its captions, a field a language:
``{"image": "a.jpg", "en": ["A dog.", "A dog runs."], "zh": ["一只狗。"]}``. Every line has every
field that is asked for, if only as an empty list, so that a misspelt field is seen. A photo without
captions takes no part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import InvalidQuery

Row = tuple[str, dict[str, Any]]
"""Where a line stands, and what it says."""


@dataclass(frozen=True, slots=True)
class Captions:
    """The captions of one field, in the file's order."""

    key: str
    texts: tuple[str, ...]
    owners: tuple[int, ...]
    """Text j is of photo ``owners[j]``, counted from 0 among all photos."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """Photos and their captions in one or several fields."""

    photos: tuple[str, ...]
    """Paths, relative to the folder of the photos."""
    fields: tuple[Captions, ...]


def read_captioned(file: Path, keys: Sequence[str], split: str | None = None) -> Captioned:
    """Read the captions of some fields, or raise InvalidQuery naming the line or field at fault.

    With ``split``, only lines whose field ``split`` is this.
    """
    rows = read_rows(file, _form(keys))
    if split is not None:
        rows = ((where, row) for where, row in rows if row.get("split") == split)
    return gather(file, rows, keys)


def gather(file: Path, rows: Iterable[Row], keys: Sequence[str]) -> Captioned:
    """Gather the captions of some fields from a file's rows, or raise as ``read_captioned``."""
    found: dict[str, dict[str, list[str]]] = {}
    for where, row in rows:
        with _naming(where, keys):
            own = found.setdefault(str(row["image"]), {key: [] for key in keys})
            for key in keys:
                own[key].extend(_texts(row[key]))
    captioned = {photo: own for photo, own in found.items() if any(own.values())}
    return Captioned(tuple(captioned), tuple(_field(file, key, captioned) for key in keys))


def read_rows(file: Path, form: str) -> Iterator[Row]:
    """Read the objects of a file of JSON lines, which are of such a form.

    Raise InvalidQuery that names the file, or the line at fault.
    """
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidQuery(f"{file} is not UTF-8 text ({error}); save it as UTF-8.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            where = f"{file}, line {number}"
            yield where, _object(line, where, form)


def _object(line: str, where: str, form: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidQuery(f"{where}: not JSON ({error}).") from error
    if not isinstance(row, dict):
        raise InvalidQuery(f"{where}: not of the form {form}.")
    for key, value in row.items():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise InvalidQuery(f"{where}: the field {key!r} holds half a character.") from error
    return row


@contextmanager
def _naming(where: str, keys: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidQuery(f"{where}: not of the form {_form(keys)} ({error!r}).") from error


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("the captions are not a list of texts")
    return value


def _form(keys: Sequence[str]) -> str:
    fields = "".join(f', "{key}": ["…"]' for key in keys)
    return f'{{"image": "a.jpg"{fields}}}'


def _field(file: Path, key: str, captioned: dict[str, dict[str, list[str]]]) -> Captions:
    owned = [(text, i) for i, own in enumerate(captioned.values()) for text in own[key]]
    if not owned:
        raise InvalidQuery(
            f"{file} has no captions to measure with in the field {key!r}; name another field "
            "with --captions, or another --split."
        )
    texts, owners = zip(*owned, strict=True)
    return Captions(key, texts, owners)
