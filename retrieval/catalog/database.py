"""Opens the catalog's SQLite file and brings its tables up to date.

Write-ahead logging lets readers go on while the one writer writes; nobody sees "locked".
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text

import migrations
from retrieval.disk import room_in
from retrieval.errors import DiskFull, LibraryError

BUSY_SECONDS = 30
CONNECTIONS = 8
"""That are kept; more are opened while more threads ask at once, so that none waits for one."""


def open_database(path: Path) -> Engine:
    """Open the database, creating or migrating its tables where they are not current."""
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        max_overflow=-1,
    )
    event.listen(engine, "connect", _configure)
    engine.pool.logger.addFilter(_unless_interrupted)  # type: ignore[union-attr]
    revision = _revision(engine, path)
    if revision != migrations.HEAD:
        _migrate(engine, path, revision)
    return engine


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _unless_interrupted(record: logging.LogRecord) -> bool:
    """Say nothing of a connection whose return Ctrl-C broke off: it is closed, that is all."""
    return not (record.exc_info and record.exc_info[0] is KeyboardInterrupt)


def _revision(engine: Engine, path: Path) -> str | None:
    """Read the revision without importing Alembic, which costs more than the whole opening."""
    try:
        with room_in(path.parent), engine.connect() as connection:
            tables = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            if connection.scalar(text(tables)) is None:
                return None
            revision: str | None = connection.scalar(
                text("SELECT version_num FROM alembic_version")
            )
            return revision
    except DiskFull:
        raise
    except Exception as error:
        raise LibraryError(
            f"{path} is not a Triptych catalog ({error.__cause__ or error}). "
            "Restore it from a backup, or name another library with --library."
        ) from error


def _migrate(engine: Engine, path: Path, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option(
        "script_location", str(Path(migrations.__file__).parent).replace("%", "%%")
    )
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise LibraryError(
            f"{path} was made by a newer Triptych (catalog revision {revision}). "
            "Upgrade Triptych, or name another library with --library."
        )
    with engine.connect() as connection:
        # A batch migration re-creates tables; with foreign keys on, dropping the old one cascades.
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.commit()
        config.attributes["connection"] = connection
        with _whole(connection):
            command.upgrade(config, "head")
        connection.execute(text("PRAGMA foreign_keys=ON"))
        connection.commit()


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    """Make all that is done in this block one transaction, or undo it.

    Left to itself the driver ends a transaction before it makes a table, and a process killed
    between two tables would leave a catalog of no revision.
    """
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    usual, driver.isolation_level = driver.isolation_level, None
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.commit()
    finally:
        connection.rollback()
        driver.isolation_level = usual
