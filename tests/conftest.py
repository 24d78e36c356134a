"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber


def pytest_report_header() -> list[str]:
    from importlib.metadata import version

    names = ("faiss-gpu", "onnxruntime", "sqlalchemy", "pillow", "av")
    return [", ".join(f"{name} {version(name)}" for name in names)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Open an empty library with the fake encoder and transcriber."""
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as opened:
        yield opened
