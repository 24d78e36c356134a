"""From a catalog to a map: what is on it and where, whatever a content's vectors were made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.library import CATALOG, Library
from retrieval.map import drawing
from retrieval.map.drawing import Map, draw, draw_library
from retrieval.media import Filters, Kind
from tests.fakes import DIM, FakeEncoder
from tests.shelf import new, put, random_vectors, unit


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", FakeEncoder())


def fill(library: Library, folder: Path, count: int, seed: int = 0) -> None:
    rows = random_vectors(count, seed)
    put(library, folder, *(new(f"{seed}-{i:03}.jpg", row) for i, row in enumerate(rows)))


def held(library: Library) -> list[int]:
    return np.flatnonzero(library.catalog.scope(Filters()).holds).tolist()


def test_every_content_has_one_place(library: Library, tmp_path: Path) -> None:
    fill(library, tmp_path / "media", 30)
    put(
        library,
        tmp_path / "media",
        new("essay.txt", random_vectors(7, seed=3), Kind.TEXT, ["words"] * 7),
        new("silence.wav", np.empty((0, DIM)), Kind.AUDIO),
    )
    drawn = draw(library.catalog)
    silent = held(library)[-1]
    assert drawn.contents.tolist() == [number for number in held(library) if number != silent]
    assert drawn.places.shape == (31, 2)
    assert np.isfinite(drawn.places).all()


def test_an_empty_library_has_an_empty_map(library: Library) -> None:
    drawn = draw(library.catalog)
    assert drawn.contents.shape == (0,)
    assert drawn.places.shape == (0, 2)


def test_what_is_gone_is_not_on_it(library: Library, tmp_path: Path) -> None:
    fill(library, tmp_path / "media", 12)
    with library.write() as writer:
        writer.retire(writer.root(tmp_path / "media"), ["0-003.jpg"])
    assert draw(library.catalog).contents.tolist() == held(library)
    assert len(held(library)) == 11


def test_what_no_sample_holds_comes_to_lie_by_what_is_like_it(
    library: Library, tmp_path: Path
) -> None:
    middles = random_vectors(3, seed=5)
    of = np.tile(np.arange(3), 40)
    rows = unit(middles[of] + 0.3 * random_vectors(120, seed=6))
    put(library, tmp_path / "media", *(new(f"{i:03}.jpg", row) for i, row in enumerate(rows)))
    drawn = draw(library.catalog, sample=30)
    assert drawn.contents.tolist() == held(library)
    apart = ((drawn.places[:, None] - drawn.places[None]) ** 2).sum(-1)
    np.fill_diagonal(apart, np.inf)
    assert np.mean(of[apart.argmin(1)] == of) > 0.9
    assert len(np.unique(drawn.places, axis=0)) == 120


def test_a_picture_and_words_of_it_lie_together_though_their_kinds_lie_apart(
    library: Library, tmp_path: Path
) -> None:
    middles = np.repeat(np.eye(DIM)[:4], 10, axis=0)
    gap = np.eye(DIM)[-1]
    noise = 0.2 * random_vectors(80, seed=8)
    pictures, words = unit(middles + 2 * gap + noise[:40]), unit(middles - 2 * gap + noise[40:])
    media = tmp_path / "media"
    put(library, media, *(new(f"{i}.jpg", row) for i, row in enumerate(pictures)))
    put(library, media, *(new(f"{i}.txt", row, Kind.TEXT, "w") for i, row in enumerate(words)))
    places = draw(library.catalog).places
    apart = ((places[40:, None] - places[None, :40]) ** 2).sum(-1)
    assert np.mean(apart.argmin(1) // 10 == np.arange(40) // 10) > 0.9


def test_a_huge_library_is_drawn_in_part(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST", 20)
    fill(library, tmp_path / "media", 50)
    drawn = draw(library.catalog)
    assert len(drawn.contents) == 20
    assert drawn.contents[0] == held(library)[0]
    assert drawn.contents[-1] == held(library)[-1]


def test_the_same_library_is_drawn_the_same(library: Library, tmp_path: Path) -> None:
    fill(library, tmp_path / "media", 25)
    first, again = draw(library.catalog), draw_library(library.path / CATALOG)
    assert np.array_equal(first.places, again.places)


def test_what_stays_keeps_its_place(library: Library, tmp_path: Path) -> None:
    middles = random_vectors(8, seed=5)
    of = np.random.default_rng(1).integers(0, 8, 180)
    rows = unit(middles[of] + 0.4 * random_vectors(180, seed=6))
    files = [new(f"{i:03}.jpg", row) for i, row in enumerate(rows)]
    put(library, tmp_path / "media", *files[:150])
    before = draw(library.catalog)
    put(library, tmp_path / "media", *files[150:])

    def moved(after: Map) -> float:
        return float(np.median(np.linalg.norm(after.places[:150] - before.places, axis=1)))

    anew, after = draw(library.catalog), draw(library.catalog, before)
    assert moved(after) < 0.15 < moved(anew)
    assert after.places.min() == 0
    assert after.places.max() == 1


def test_where_hardly_anything_stays_it_is_drawn_from_the_beginning(
    library: Library, tmp_path: Path
) -> None:
    fill(library, tmp_path / "media", 30)
    anew = draw(library.catalog)
    stranger = Map(anew.contents[:2], np.array([[0, 0], [1, 1]], np.float32))
    assert np.array_equal(draw(library.catalog, stranger).places, anew.places)
