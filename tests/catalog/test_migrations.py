"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import migrations
from retrieval.catalog.database import open_database
from retrieval.catalog.matching import Words
from retrieval.catalog.tables import METADATA
from retrieval.catalog.watch import Watch
from retrieval.catalog.words import is_modelled
from retrieval.errors import LibraryError


def test_the_head_constant_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_new_catalog_has_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_modelled})
        assert compare_metadata(context, METADATA) == []
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


def test_a_catalog_without_word_indexes_becomes_searchable_by_words(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    open_database(file).dispose()
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    with engine.begin() as connection:
        for statement in OLD_ROWS:
            connection.exec_driver_sql(statement)
    engine.dispose()
    engine = open_database(file)
    matches = Words(engine, Watch(engine)).matching("running 沙滩")
    engine.dispose()
    assert matches.passages.ids.tolist() == [8, 9]
    assert matches.contents.ids.tolist() == [1]


OLD_ROWS = (
    "INSERT INTO roots VALUES (1, '/photos')",
    "INSERT INTO contents (id, hash, kind, mime, size, title)"
    " VALUES (1, 'x', 'text', 'x/y', 3, '')",
    "INSERT INTO items (id, root_id, path, size, mtime_ns, missing, content_id)"
    " VALUES (5, 1, '沙滩/a.txt', 3, 0, 0, 1)",
    "INSERT INTO items (id, root_id, path, size, mtime_ns, missing, failure)"
    " VALUES (6, 1, '沙滩/torn.txt', 3, 0, 0, 'torn')",
    "INSERT INTO passages (id, content_id, ordinal, kind, text) VALUES"
    " (7, 1, 0, 'text', ''), (8, 1, 1, 'text', 'Dogs run.'), (9, 1, 2, 'text', '在沙滩上')",
)


def test_a_migration_that_is_interrupted_leaves_nothing_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.sqlite"

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    from alembic.operations import Operations

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "drop_column", stop)
        patch.setattr(Operations, "add_column", stop)
        with pytest.raises(KeyboardInterrupt):
            open_database(file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    open_database(file).dispose()
