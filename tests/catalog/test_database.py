"""Connections to the catalog: what the pool says, and what it keeps to itself."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event, text

from retrieval.catalog.database import open_database


@pytest.mark.parametrize(
    ("reason", "said"), [(KeyboardInterrupt, []), (RuntimeError, ["Exception during reset"])]
)
def test_ctrl_c_while_a_connection_is_given_back_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reason: type[BaseException], said: list[str]
) -> None:
    engine = open_database(tmp_path / "catalog.db")

    def break_off(*_: object) -> None:
        event.remove(engine, "reset", break_off)
        raise reason

    event.listen(engine, "reset", break_off)
    with caplog.at_level(logging.WARNING):
        connection = engine.connect()
        with suppress(KeyboardInterrupt):
            connection.close()
    assert [record.message[: len("Exception during reset")] for record in caplog.records] == said
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
