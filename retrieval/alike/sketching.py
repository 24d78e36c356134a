"""Takes the sketches that are missing: of pictures from their thumbnails, else from their words.

Done after the contents are in the catalog, so that a library of before has them after its next run,
and a run that was stopped is completed by another.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from retrieval.alike.look import take_look
from retrieval.alike.wording import take_wording
from retrieval.catalog.catalog import Catalog
from retrieval.catalog.sketches import Unsketched
from retrieval.catalog.writer import Writer
from retrieval.media import Kind

BATCH = 500
"""Sketches of one transaction."""


def sketch_missing(catalog: Catalog, writer: Writer, thumbnail_file: Callable[[str], Path]) -> None:
    """Sketch every content that has no sketch yet; one whose thumbnail is gone stays without."""

    def take(content: Unsketched) -> bytes | None:
        if content.kind is Kind.IMAGE:
            return _look(thumbnail_file(content.hash))
        return take_wording(catalog.sketches.texts(content.content))

    with ThreadPoolExecutor(os.cpu_count(), "sketch") as pool:
        for batch in _batches(catalog.sketches.missing()):
            taken = zip(batch, pool.map(take, batch), strict=True)
            writer.sketch([(c.content, data) for c, data in taken if data is not None])


def _look(thumbnail: Path) -> bytes | None:
    try:
        with Image.open(thumbnail) as picture:
            return take_look(picture)
    except OSError:
        return None


def _batches(contents: Sequence[Unsketched]) -> Iterator[Sequence[Unsketched]]:
    for start in range(0, len(contents), BATCH):
        yield contents[start : start + BATCH]
