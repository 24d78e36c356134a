"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from retrieval.catalog.database import open_database
from retrieval.catalog.models import Base
from retrieval.errors import LibraryError


def test_the_head_constant_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_new_catalog_has_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_pragmas_hold_after_a_migration(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_catalog_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    open_database(file).dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(LibraryError, match="newer Triptych"):
        open_database(file)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    file.write_bytes(b"not a database, but long enough to be read as one" * 20)
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="is not a Triptych catalog"):
        open_database(file)
    assert file.read_bytes() == before


def test_opening_a_current_catalog_does_not_import_alembic(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    open_database(file).dispose()
    program = (
        "import sys; from pathlib import Path\n"
        "from retrieval.catalog.database import open_database\n"
        f"open_database(Path({str(file)!r})); print('alembic' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.strip() == "False", result.stderr
