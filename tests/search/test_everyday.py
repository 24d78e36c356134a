"""The vectors of everyday queries are made once, and never another encoder's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.protocol import Vectors
from retrieval.library import Library
from retrieval.progress import Unwatched
from retrieval.search import everyday
from retrieval.search.everyday import keep_everyday, read_everyday
from retrieval.search.probes import PROBES
from tests.fakes import FakeEncoder


class Counting(FakeEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return super().encode_texts(texts)


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    encoder = Counting()
    keep_everyday(tmp_path, encoder)
    assert encoder.asked == len(PROBES)
    [file] = tmp_path.iterdir()
    written = file.stat().st_ino, file.stat().st_mtime_ns
    keep_everyday(tmp_path, encoder)
    found = read_everyday(tmp_path, encoder)
    assert encoder.asked == len(PROBES)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == written
    np.testing.assert_array_equal(found, FakeEncoder().encode_texts(PROBES))


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"none"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    encoder = Counting()
    keep_everyday(tmp_path, encoder)
    [file] = tmp_path.iterdir()
    file.write_bytes(content)
    assert read_everyday(tmp_path, encoder).shape == (len(PROBES), encoder.dim)
    keep_everyday(tmp_path, encoder)
    encoder.asked = 0
    read_everyday(tmp_path, encoder)
    assert encoder.asked == 0


def test_other_queries_take_the_place_of_those_that_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_everyday(tmp_path, FakeEncoder())
    monkeypatch.setattr(everyday, "PROBES", ("a cat", "a dog"))
    assert read_everyday(tmp_path, FakeEncoder()).shape == (2, FakeEncoder().dim)
    keep_everyday(tmp_path, FakeEncoder())
    [file] = tmp_path.iterdir()
    assert len(np.load(file)) == 2


def test_indexing_keeps_them_for_an_encoder_without_references(library: Library) -> None:
    with library.write():
        library.keep(Unwatched())
    assert list(library.path.glob("everyday-*.npy"))
