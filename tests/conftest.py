"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.library import Library
from retrieval.settings import settings
from tests.fakes import FakeEncoder, FakeTranscriber

# Threads of FAISS and torch that have nothing to do would keep the cores from what a test started.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# It takes longer than all else that is done with a picture; tests that want it ask for it.
os.environ.setdefault("TRIPTYCH_LETTERING", "off")


def pytest_report_header() -> list[str]:
    from importlib.metadata import version

    names = ("faiss-gpu", "onnxruntime", "sqlalchemy", "pillow", "av")
    return [", ".join(f"{name} {version(name)}" for name in names)]


@pytest.fixture(scope="module")
def legible() -> Iterator[None]:
    """Have the lettering in pictures read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TRIPTYCH_LETTERING")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Open an empty library with the fake encoder and transcriber."""
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as opened:
        yield opened
