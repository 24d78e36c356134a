"""A library in forms that other programs read, written a piece at a time in little memory.

Each form is of one instant. Row i of ``vectors.npy`` belongs to line i of ``passages.jsonl``,
unless the library changed between the two.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

from retrieval.durable import replacing
from retrieval.errors import LibraryError
from retrieval.library import Library
from retrieval.wire import ItemBody

PIECE = 1 << 16
"""Bytes that are given at a time, or little more."""
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula, and would carry out."""
MARK = "\ufeff".encode()
"""By which spreadsheets know UTF-8, without which they misread Chinese names."""
ADDRESSES = {"thumbnail", "media"}
"""Fields that mean something to a server's client alone."""
COLUMNS = [name for name in ItemBody.model_fields if name not in ADDRESSES]


@dataclass(frozen=True, slots=True)
class Form:
    """A way of writing a library."""

    mime: str
    write: Callable[[Library], Iterator[bytes]]
    """Gives small pieces."""

    def pieces(self, library: Library) -> Iterator[bytes]:
        """Write a library, a piece at a time."""
        waiting = bytearray()
        for part in self.write(library):
            waiting += part
            if len(waiting) >= PIECE:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting)


def export(library: Library, form: Form, file: Path) -> None:
    """Write a library into a file, which is replaced once all is written.

    What is there and no file, as a pipe, is written to as it is.
    """
    place = file.resolve()
    whole = nullcontext(place) if place.exists() and not place.is_file() else replacing(place)
    try:
        with whole as written, written.open("wb") as stream:
            stream.writelines(form.pieces(library))
    except OSError as error:
        raise LibraryError(f"{file} cannot be written ({error.strerror}).") from error


def _items(library: Library) -> Iterator[dict[str, Any]]:
    with library.catalog.snapshot() as snapshot:
        for item in snapshot.items():
            yield ItemBody.of(item).model_dump(mode="json", exclude=ADDRESSES)


def _items_csv(library: Library) -> Iterator[bytes]:
    yield MARK + _row(COLUMNS)
    for item in _items(library):
        yield _row([_unarmed(item[name]) for name in COLUMNS])


def _items_jsonl(library: Library) -> Iterator[bytes]:
    yield from map(_line, _items(library))


def _passages_jsonl(library: Library) -> Iterator[bytes]:
    with library.catalog.snapshot() as snapshot:
        for item, number, passage in snapshot.passages():
            yield _line({"item": item, "passage": number, **asdict(passage)})


def _vectors_npy(library: Library) -> Iterator[bytes]:
    from numpy.lib.format import write_array_header_1_0

    with library.catalog.snapshot() as snapshot:
        header, shape = BytesIO(), (snapshot.count_passages(), library.binding.dim)
        about = {"descr": "<f4", "fortran_order": False, "shape": shape}
        write_array_header_1_0(header, about)
        yield header.getvalue()
        yield from snapshot.vectors()


FORMS: Mapping[str, Form] = {
    "items.csv": Form("text/csv", _items_csv),
    "items.jsonl": Form("application/x-ndjson", _items_jsonl),
    "passages.jsonl": Form("application/x-ndjson", _passages_jsonl),
    "vectors.npy": Form("application/octet-stream", _vectors_npy),
}
"""By the names that their files usually have."""


def _line(fields: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(fields, ensure_ascii=False)}\n".encode()


def _row(cells: list[Any]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _unarmed(cell: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would carry out, however it is spelt."""
    if not isinstance(cell, str) or not normalize("NFKC", cell).lstrip().startswith(FORMULA):
        return cell
    return f"'{cell}"
