"""Answers a query that only restricts: what may answer, newest first.

Nothing is compared with anything, so that no hit has a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Scope
from retrieval.media import Answer, Filters, Hit, Item, Kind, Passage, Query
from retrieval.search.folding import Folding
from retrieval.search.stopwatch import Stopwatch


def list_newest(
    query: Query,
    scope: Scope,
    by_kind: Mapping[Kind, int],
    catalog: Catalog,
    folding: Folding,
    watch: Stopwatch,
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
    contents = listed[heads.ranks]
    behind = zip(alike, folding.glimpses(contents), strict=True)
    hits = _hits(contents.tolist(), behind, query.filters, catalog)
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
        by_kind=by_kind,
    )


def _hits(
    contents: Sequence[int],
    behind: Iterable[tuple[tuple[Item, ...], bytes]],
    filters: Filters,
    catalog: Catalog,
) -> tuple[Hit, ...]:
    files = catalog.first_files(contents, filters)
    beginnings = catalog.beginnings(contents)
    return tuple(
        _hit(files[content], beginnings.get(content), *rest)
        for content, rest in zip(contents, behind, strict=True)
        if content in files
    )


def _hit(
    item: Item,
    beginning: tuple[int, Passage] | None,
    alike: tuple[Item, ...],
    glimpse: bytes,
) -> Hit:
    passage_id, passage = beginning or (None, Passage(item.content.kind))
    return Hit(item, passage_id, passage, None, None, 0, alike, glimpse)
