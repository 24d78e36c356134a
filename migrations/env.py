"""Runs migrations over the connection the library hands in, or the one in ``-x library=DIR``."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import Connection, create_engine

from retrieval.catalog.tables import METADATA
from retrieval.catalog.words import is_modelled


def run(connection: Connection) -> None:
    """Run the migrations asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=is_modelled,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    library = Path(context.get_x_argument(as_dictionary=True)["library"])
    with create_engine(f"sqlite:///{library / 'catalog.sqlite'}").connect() as opened:
        run(opened)
