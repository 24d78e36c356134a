"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber

# Threads of FAISS and torch that have nothing to do would keep the cores from what a test started.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def pytest_report_header() -> list[str]:
    from importlib.metadata import version

    names = ("faiss-gpu", "onnxruntime", "sqlalchemy", "pillow", "av")
    return [", ".join(f"{name} {version(name)}" for name in names)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Open an empty library with the fake encoder and transcriber."""
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as opened:
        yield opened
