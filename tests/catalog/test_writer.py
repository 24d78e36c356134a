"""What the writer records: identity is content, and each call is all or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from retrieval.catalog.records import FoundFile, NewContent, Stamp
from retrieval.errors import LibraryBusy
from retrieval.library import Library
from retrieval.media import Filters, Query, TextTerm
from tests.shelf import MTIME, content, new, put, random_vectors


def paths(library: Library) -> list[str]:
    hits = library.search(Query((TextTerm("anything"),), k=100)).hits
    return sorted(hit.item.path for hit in hits)


def test_what_is_added_is_stamped_known_and_found(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", new("x.jpg", random_vectors(1)))
    with library.write() as writer:
        root = writer.root(tmp_path / "a")
        assert writer.stamps(root) == {"x.jpg": Stamp(3, MTIME)}
        assert writer.versions(content("x.jpg").hash) == {content("x.jpg").hash}
        assert writer.versions(content("y.jpg").hash) == set()
    assert paths(library) == ["x.jpg"]


def test_a_batch_with_one_bad_member_leaves_no_trace(library: Library, tmp_path: Path) -> None:
    good = new("good.jpg", random_vectors(1))
    bad = NewContent(good.file, content("bad.jpg"), good.passages, random_vectors(2))
    with pytest.raises(ValueError, match="1 passages but 2 vectors"):
        put(library, tmp_path / "a", good, bad)
    with library.write() as writer:
        assert writer.stamps(writer.root(tmp_path / "a")) == {}
        assert writer.versions(good.content.hash) == set()


def test_a_folder_inside_a_root_belongs_to_that_root(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", new("in/x.jpg", random_vectors(1)))
    with library.write() as writer:
        assert writer.root(tmp_path / "a" / "in").path == tmp_path / "a"
        assert writer.root(tmp_path / "ab").path == tmp_path / "ab"


def test_a_root_around_a_root_takes_it_in(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "in", new("x.jpg", random_vectors(1)))
    with library.write() as writer:
        outer = writer.root(tmp_path)
        assert writer.stamps(outer) == {"in/x.jpg": Stamp(3, MTIME)}
    assert [root.path for root in library.info().roots] == [tmp_path]
    assert paths(library) == ["in/x.jpg"]


def test_retired_files_leave_the_answers_and_come_back(library: Library, tmp_path: Path) -> None:
    vectors = random_vectors(3)
    files = [new(name, vectors[i]) for i, name in enumerate(["a.jpg", "d/b.jpg", "db.jpg"])]
    put(library, tmp_path / "a", *files)
    with library.write() as writer:
        root = writer.root(tmp_path / "a")
        assert writer.retire(root, ["d/b.jpg", "never/was.jpg"]) == 1
    assert paths(library) == ["a.jpg", "db.jpg"]
    with library.write() as writer:
        writer.place(root, FoundFile("back.jpg", 3, MTIME), content("d/b.jpg").hash)
    assert paths(library) == ["a.jpg", "back.jpg", "db.jpg"]


def test_copies_answer_once(library: Library, tmp_path: Path) -> None:
    put(library, tmp_path / "a", new("x.jpg", random_vectors(1)))
    with library.write() as writer:
        root = writer.root(tmp_path / "a")
        writer.place(root, FoundFile("copy.jpg", 3, MTIME), content("x.jpg").hash)
    assert paths(library) == ["x.jpg"]
    with library.write() as writer:
        writer.retire(root, ["x.jpg"])
    assert paths(library) == ["copy.jpg"]


def test_a_failure_is_listed_until_the_file_can_be_read(library: Library, tmp_path: Path) -> None:
    found = FoundFile("x.jpg", 3, MTIME)
    (tmp_path / "a").mkdir()
    with library.write() as writer:
        root = writer.root(tmp_path / "a")
        writer.fail(root, found, "truncated")
        assert writer.stamps(root) == {"x.jpg": found.stamp}
    [failure] = library.info().failures
    assert (failure.path, failure.reason) == (str(tmp_path / "a" / "x.jpg"), "truncated")
    put(library, tmp_path / "a", new("x.jpg", random_vectors(1)))
    assert library.info().failures == ()


def test_a_content_without_passages_is_kept_but_never_found(
    library: Library, tmp_path: Path
) -> None:
    put(library, tmp_path / "a", new("silence.wav", np.empty((0, 32), np.float32)))
    assert library.info().items == 1
    assert paths(library) == []
    assert library.vectors.count(library.catalog.scope(Filters())) == 0


def test_a_second_writer_is_told_who_is_first(library: Library) -> None:
    other = Library.open(library.path)
    with (
        library.write(),
        pytest.raises(LibraryBusy, match=rf"Another process \({os.getpid()}, since .+ is writing"),
        other.write(),
    ):
        pass
    other.close()
