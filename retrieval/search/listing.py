"""Answers a query that only restricts: what may answer, newest first.

Nothing is compared with anything, so that no hit has a score.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Scope
from retrieval.media import Answer, Filters, Hit, Item, Passage, Query
from retrieval.search.folding import Folding
from retrieval.search.stopwatch import Stopwatch


def list_newest(
    query: Query, scope: Scope, catalog: Catalog, folding: Folding, watch: Stopwatch
) -> Answer:
    """List what is in a query's scope; a picture is as new as when it was taken, if that is known.

    A file's date is its last modification, of several copies' the last; equals keep their order.
    """
    newest = catalog.newest(query.filters)
    listed = newest[np.take(scope.holds, newest, mode="clip")]
    watch.lap("filter")
    heads = folding.heads(listed, query).page(query)
    watch.lap("fold")
    alike = folding.alike(heads, listed, query.filters)
    hits = _hits(listed[heads.ranks].tolist(), alike, query.filters, catalog)
    watch.lap("load")
    return Answer(
        hits,
        total=len(listed),
        confident=True,
        heard=(),
        took_ms=watch.total_ms,
        stages=watch.stages,
        quotations=query.quotations,
        ranked=False,
    )


def _hits(
    contents: Sequence[int], alike: Sequence[tuple[Item, ...]], filters: Filters, catalog: Catalog
) -> tuple[Hit, ...]:
    files = catalog.first_files(contents, filters)
    beginnings = catalog.beginnings(contents)
    return tuple(
        _hit(files[content], beginnings.get(content), others)
        for content, others in zip(contents, alike, strict=True)
        if content in files
    )


def _hit(item: Item, beginning: tuple[int, Passage] | None, alike: tuple[Item, ...]) -> Hit:
    passage_id, passage = beginning or (None, Passage(item.content.kind))
    return Hit(item, passage_id, passage, score=None, similarity=None, passages=0, alike=alike)
