"""What the user has marked, from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.run import index
from retrieval.library import Library
from tests.cli.test_forget import faked
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint


@pytest.mark.parametrize("asked", ["--favourite", "is:favourite"])
def test_favourites_are_listed_alone(tmp_path: Path, asked: str) -> None:
    for colour in ("red", "blue"):
        paint(tmp_path / f"media/{colour}.png", colour)
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        index(library, [tmp_path / "media"])
        library.mark(1, True)
        marked = library.item(1).file
    result = faked("search", asked, library=tmp_path / "library")
    assert result.stdout == f"-\t{marked}\n", result.stderr
