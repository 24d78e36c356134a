"""How much a library holds, and what of its folders it could not read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, func, select

from retrieval.catalog.mapping import FILES
from retrieval.catalog.records import Counts
from retrieval.catalog.tables import CONTENTS, ITEMS, PASSAGES, ROOTS
from retrieval.media import Failure, Kind


class Census:
    """Counts the files that are present; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self) -> Counts:
        """Count the files present and the passages that may answer."""
        kinds = select(CONTENTS.c.kind, func.count()).select_from(FILES)
        kinds = kinds.where(ITEMS.c.missing.is_(False)).group_by(CONTENTS.c.kind)
        present = select(ITEMS.c.content_id).where(ITEMS.c.missing.is_(False))
        passages = select(func.count()).where(PASSAGES.c.content_id.in_(present))
        with self._engine.connect() as connection:
            by_kind = {Kind(kind): count for kind, count in connection.execute(kinds)}
            return Counts(sum(by_kind.values()), connection.scalar(passages) or 0, by_kind)

    def held(self) -> dict[int, int]:
        """Count the files present of each root that has any, by its id."""
        rows = select(ITEMS.c.root_id, func.count()).group_by(ITEMS.c.root_id)
        rows = rows.where(ITEMS.c.missing.is_(False), ITEMS.c.content_id.is_not(None))
        with self._engine.connect() as connection:
            return dict(connection.execute(rows).all())

    def failures(self) -> tuple[Failure, ...]:
        """List the files that could not be read."""
        rows = select(ROOTS.c.path, ITEMS.c.path, ITEMS.c.failure).select_from(ITEMS.join(ROOTS))
        rows = rows.where(ITEMS.c.failure.is_not(None), ITEMS.c.missing.is_(False))
        with self._engine.connect() as connection:
            return tuple(
                Failure(str(Path(root) / path), reason or "")
                for root, path, reason in connection.execute(
                    rows.order_by(ROOTS.c.path, ITEMS.c.path)
                )
            )
