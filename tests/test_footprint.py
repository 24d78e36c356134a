from __future__ import annotations

import os
from pathlib import Path

from retrieval.footprint import measure_footprint
from retrieval.library import Library
from tests.shelf import new, put, random_vectors


def test_a_library_s_parts_are_added_up(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "media", new("a.jpg", random_vectors(1)))
    thumbnail = library.thumbnails.file("ab" * 32)
    thumbnail.parent.mkdir(parents=True)
    thumbnail.write_bytes(bytes(1234))
    before = measure_footprint(library.path)
    (library.path / "kept-aside").write_bytes(bytes(77))
    after = measure_footprint(library.path)
    assert after.thumbnails == 1234
    assert after.catalog > 0
    assert after.vectors > 0
    assert after.rest == before.rest + 77
    assert after.free > 0


def test_it_changed_when_the_catalog_was_last_written_to(library: Library, tmp_path: Path) -> None:
    log = library.path / "catalog.sqlite-wal"
    os.utime(library.path / "catalog.sqlite", (1e9, 1e9))
    put(library, tmp_path / "media", new("a.jpg", random_vectors(1)))
    assert log.stat().st_size > 0
    os.utime(log, (1.2e9, 1.2e9))
    os.utime(library.path / "catalog.sqlite", (1e9, 1e9))
    assert measure_footprint(library.path).changed_at.timestamp() == 1.2e9
    library.close()
    os.utime(library.path / "catalog.sqlite", (1.1e9, 1.1e9))
    assert measure_footprint(library.path).changed_at.timestamp() == 1.1e9
