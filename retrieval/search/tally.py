"""How many of each kind may answer, whatever kinds a query restricts itself to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.media import Filters, Kind, Query
from retrieval.vectors.block import Mask


def of_any_kind(query: Query) -> Query:
    """Drop a query's restriction to kinds."""
    return replace(query, filters=replace(query.filters, kinds=frozenset()))


def count_kinds(holds: Mask, catalog: Catalog) -> dict[Kind, int]:
    """Count the contents of each kind, as far as there are any, among those a mask is true of."""
    counts = {kind: _count(holds, kind, catalog) for kind in Kind}
    return {kind: count for kind, count in counts.items() if count}


def _count(holds: Mask, kind: Kind, catalog: Catalog) -> int:
    of_kind = catalog.scope(Filters(frozenset({kind}))).holds
    both = min(len(holds), len(of_kind))
    return int(np.count_nonzero(holds[:both] & of_kind[:both]))
