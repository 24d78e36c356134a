"""Answers a query that only restricts: what may answer, newest first.

Nothing is compared with anything, so that no hit has a score.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Scope
from retrieval.media import Answer, Filters, Hit, Item, Passage, Query
from retrieval.search.stopwatch import Stopwatch


def list_newest(query: Query, scope: Scope, catalog: Catalog, watch: Stopwatch) -> Answer:
    """List what is in a query's scope; a picture is as new as when it was taken, if that is known.

    A file's date is its last modification, of several copies' the last; equals keep their order.
    """
    newest = catalog.newest(query.filters)
    listed = newest[np.take(scope.holds, newest, mode="clip")]
    watch.lap("filter")
    page = listed[query.offset : query.offset + query.k].tolist()
    hits = _hits(page, query.filters, catalog)
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


def _hits(contents: Sequence[int], filters: Filters, catalog: Catalog) -> tuple[Hit, ...]:
    files = catalog.first_files(contents, filters)
    beginnings = catalog.beginnings(contents)
    return tuple(
        _hit(files[content], *beginnings.get(content, (None, Passage(files[content].content.kind))))
        for content in contents
        if content in files
    )


def _hit(item: Item, passage_id: int | None, passage: Passage) -> Hit:
    return Hit(item, passage_id, passage, score=None, similarity=None, passages=0)
