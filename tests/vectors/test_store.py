"""The files are a cache: whatever happens to them, the catalog makes them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import durable
from retrieval.catalog.records import Scope
from retrieval.media import Kind
from retrieval.vectors import files
from retrieval.vectors.column import Column
from retrieval.vectors.store import VectorStore
from tests.fakes import DIM
from tests.shelf import random_vectors
from tests.vectors.source import EVERYTHING, KINDS, Dictionary, content_of, nearest

QUERY = random_vectors(1, seed=9)[0]


@pytest.fixture(scope="module", autouse=True)
def shelves_that_are_old_from_eight_rows_on() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "YOUNG", 8)
        yield


def make(directory: Path, source: Dictionary, library: str = "here") -> VectorStore:
    store = VectorStore(directory, library, DIM, source)
    store.catch_up()
    return store


def saved(directory: Path, source: Dictionary) -> VectorStore:
    store = make(directory, source)
    store.save()
    return store


def assert_answers_for(
    store: VectorStore, source: Dictionary, scope: Scope = EVERYTHING, k: int = 1000
) -> None:
    for kind in KINDS:
        keys = [key for key in source.of_kind(kind) if content_of(key) in scope]
        rows = np.array([source.rows[key] for key in keys], np.float32).reshape(-1, DIM)
        positions, cosines = nearest(rows, QUERY, k)
        found = store.search(kind, QUERY, k, scope)
        assert found.ids.tolist() == [keys[position] for position in positions]
        assert found.contents.tolist() == [content_of(key) for key in found.ids.tolist()]
        np.testing.assert_array_equal(found.similarities, cosines)
    assert len(store) == len(source.rows)


def test_saved_rows_are_used_without_reading_the_catalog_again(tmp_path: Path) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    source.read = 0
    store = make(tmp_path, source)
    assert (source.read, store.notice) == (0, "")
    assert_answers_for(store, source)


def test_only_what_is_new_is_read_and_written(tmp_path: Path) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    before = {file.name: file.read_bytes() for file in (tmp_path / "vectors").glob("*-*")}
    source.put(31)
    source.read = 0
    assert_answers_for(saved(tmp_path, source), source)
    assert source.read == 2, "once to search, once to save"
    for name, data in before.items():
        assert (tmp_path / "vectors" / name).read_bytes().startswith(data)


def test_a_young_shelf_gets_a_grid_that_suits_all_its_rows(tmp_path: Path) -> None:
    source = Dictionary(0)
    source.put(1)
    saved(tmp_path, source)
    alone = next((tmp_path / "vectors").glob("*.grid")).read_bytes()
    for key in range(2, 15):
        source.put(key)
    assert_answers_for(saved(tmp_path, source), source)
    [grid] = (tmp_path / "vectors").glob("text-*.grid")
    assert grid.read_bytes() != alone


def test_a_reader_takes_in_what_another_process_saved(tmp_path: Path) -> None:
    source = Dictionary(30)
    reader = make(tmp_path, source)
    for key in range(31, 60):
        source.put(key)
    saved(tmp_path, source)
    source.read = 0
    reader.catch_up()
    assert source.read == 0
    assert_answers_for(reader, source)


def test_a_row_that_left_the_catalog_is_never_found_again(tmp_path: Path) -> None:
    source = Dictionary(30)
    reader = saved(tmp_path, source)
    del source.rows[7], source.rows[30]
    reader.catch_up()
    assert_answers_for(reader, source)
    assert_answers_for(make(tmp_path, source), source)
    source.put(31)
    assert_answers_for(saved(tmp_path, source), source)
    assert_answers_for(make(tmp_path, source), source)


def test_a_worn_shelf_is_written_anew_and_its_old_files_go(tmp_path: Path) -> None:
    source = Dictionary(40)
    reader = saved(tmp_path, source)
    size = sum(file.stat().st_size for file in (tmp_path / "vectors").iterdir())
    for key in range(1, 21):
        del source.rows[key]
    assert_answers_for(saved(tmp_path, source), source)
    kept = list((tmp_path / "vectors").iterdir())
    assert len(kept) == 1 + len(files.ENDINGS) * len(KINDS)
    assert sum(file.stat().st_size for file in kept) < 0.6 * size
    reader.catch_up()
    assert_answers_for(reader, source)


@pytest.mark.parametrize("gone", [[2], range(2, 41, 2), range(1, 41), []])
def test_after_a_purge_no_file_holds_what_left_the_catalog(
    tmp_path: Path, gone: Iterable[int]
) -> None:
    source = Dictionary(40)
    reader = saved(tmp_path, source)
    (tmp_path / "vectors.bad").mkdir()
    (tmp_path / "vectors.bad/old.f32").touch()
    lost = [source.rows.pop(key).tobytes() for key in gone]
    store = saved(tmp_path, source)
    store.purge()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "vectors").iterdir())
    assert not any(row in kept for row in lost)
    assert not (tmp_path / "vectors.bad").exists()
    for other in (store, reader, make(tmp_path, source)):
        other.catch_up()
        assert other.notice == ""
        assert_answers_for(other, source)
    source.put(41)
    source.put(42)
    assert_answers_for(saved(tmp_path, source), source)


def test_files_of_which_the_catalog_has_nothing_left_are_believed(tmp_path: Path) -> None:
    source = Dictionary(4)
    saved(tmp_path, source)
    for key in (1, 3):
        del source.rows[key]
    store = make(tmp_path, source)
    assert store.notice == ""
    assert_answers_for(store, source)


@pytest.mark.parametrize("ending", files.ENDINGS)
@pytest.mark.parametrize("keep", [0, 10, 100])
def test_a_truncated_file_is_kept_aside_and_made_anew(
    tmp_path: Path, ending: str, keep: int
) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    [file] = (tmp_path / "vectors").glob(f"image-*.{ending}")
    file.write_bytes(file.read_bytes()[:keep])
    again = make(tmp_path, source)
    assert "cannot be used" in again.notice
    assert_answers_for(again, source)
    again.save()
    assert (tmp_path / "vectors.bad" / file.name).stat().st_size == keep
    assert make(tmp_path, source).notice == ""


@pytest.mark.parametrize("ending", files.ENDINGS)
def test_rows_that_are_not_the_catalog_s_are_not_believed(tmp_path: Path, ending: str) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    [file] = (tmp_path / "vectors").glob(f"text-*.{ending}")
    file.write_bytes(bytes(file.stat().st_size))
    store = make(tmp_path, source)
    assert "cannot be used" in store.notice
    assert_answers_for(store, source)


def test_a_deleted_folder_is_made_anew(tmp_path: Path) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    for file in (tmp_path / "vectors").iterdir():
        file.unlink()
    assert_answers_for(make(tmp_path, source), source)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"library": "here"}', '{"format": 9}'])
def test_a_bad_manifest_is_not_believed(tmp_path: Path, content: str) -> None:
    source = Dictionary(30)
    saved(tmp_path, source)
    (tmp_path / "vectors/manifest.json").write_text(content)
    store = make(tmp_path, source)
    assert "cannot be used (the manifest is damaged, or another version's)" in store.notice
    assert_answers_for(store, source)


def test_the_rows_of_another_library_are_not_believed(tmp_path: Path) -> None:
    saved(tmp_path, Dictionary(30))
    source = Dictionary(5)
    store = make(tmp_path, source, library="there")
    assert "cannot be used" in store.notice
    assert_answers_for(store, source)


def test_a_scope_leaves_the_others_out_and_counts_what_it_holds(tmp_path: Path) -> None:
    source = Dictionary(200)
    store = make(tmp_path, source)
    for contents in ([3], [3, 50, 99], range(1, 60), []):
        scope = Scope.of(np.array(contents, np.int64))
        assert_answers_for(store, source, scope)
        assert_answers_for(store, source, scope, k=2)
        assert store.count(scope) == len(contents)
    assert store.kinds(Scope.of(np.array([1]))) == (Kind.TEXT,)


def test_vectors_come_back_as_they_went_in(tmp_path: Path) -> None:
    source = Dictionary(30)
    store = saved(tmp_path, source)
    source.put(31)
    store.catch_up()
    found = store.vectors_of(np.array([2, 4, 31, 99], np.int64))
    expected = [source.rows[key] for key in (2, 4, 31)]
    np.testing.assert_array_equal(found, expected)
    assert store.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)


def test_a_sample_is_spread_evenly_over_what_is_in_scope(tmp_path: Path) -> None:
    source = Dictionary(200)
    store = make(tmp_path, source)
    assert len(store.sample(Kind.IMAGE, EVERYTHING, 30)) == 30
    assert len(store.sample(Kind.IMAGE, EVERYTHING, 3000)) == 100
    assert len(store.sample(Kind.VIDEO, EVERYTHING, 30)) == 0


class Crash(BaseException):
    """Stands for the process dying."""


def crash_at(patch: pytest.MonkeyPatch, step: int) -> None:
    """Let the process die at its n-th step of writing, with half of the bytes written."""
    left = iter(range(step))

    def counted(real: object) -> object:
        def call(*arguments: object, **named: object) -> object:
            if next(left, None) is None:
                raise Crash
            return real(*arguments, **named)  # type: ignore[operator]

        return call

    def write(column: Column, start: int, data: np.ndarray) -> None:
        if next(left, None) is None:
            whole(column, start, data[: len(data) // 2])
            raise Crash
        whole(column, start, data)

    whole = Column.write
    patch.setattr(Column, "write", write)
    patch.setattr(durable.os, "fsync", counted(durable.os.fsync))
    patch.setattr(durable.os, "replace", counted(durable.os.replace))
    patch.setattr(Path, "unlink", counted(Path.unlink))


@pytest.mark.parametrize("worn", [False, True])
def test_dying_at_any_step_of_a_save_loses_nothing(tmp_path: Path, worn: bool) -> None:
    step = 0
    while True:
        directory = tmp_path / str(step)
        directory.mkdir()
        source = Dictionary(20)
        store = saved(directory, source)
        for key in range(1, 16 if worn else 3):
            del source.rows[key]
        for key in range(21, 30):
            source.put(key)
        with pytest.MonkeyPatch.context() as patch:
            crash_at(patch, step)
            try:
                store.save()
                died = False
            except Crash:
                died = True
        again = make(directory, source)
        assert again.notice == ""
        assert_answers_for(again, source)
        again.save()
        assert_answers_for(make(directory, source), source)
        if not died:
            break
        step += 1
    assert step > 10, "the save has steps to die at"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["add", "delete", "save", "reopen"]), max_size=25))
def test_any_history_answers_like_a_dictionary(steps: list[str]) -> None:
    with TemporaryDirectory() as name:
        directory, source, last = Path(name), Dictionary(), 0
        store, reader = make(directory, source), make(directory, source)
        for step in steps:
            if step == "add":
                last += 1
                source.put(last)
            elif step == "delete" and source.rows:
                del source.rows[min(source.rows)]
            elif step == "save":
                store.save()
            elif step == "reopen":
                store = make(directory, source)
            store.catch_up()
        reader.catch_up()
        assert_answers_for(store, source)
        assert_answers_for(reader, source)
