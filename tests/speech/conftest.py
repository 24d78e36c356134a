from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import retrieval.speech.bundled
from retrieval.settings import Settings


@pytest.fixture(scope="module")
def module_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a cache of the tests' own, so that the bundled model is really joined."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retrieval.speech.bundled, "settings", lambda: Settings(cache=folder))
        yield folder
