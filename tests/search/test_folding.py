"""Near-duplicates stand behind the best of them, in rankings and in lists, whatever the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.run import index
from retrieval.alike.fold import fold
from retrieval.catalog.sketches import Sketch
from retrieval.library import Library
from retrieval.media import Answer, Filters, Kind, Query, TextTerm
from retrieval.search import folding
from tests.alike.scenes import CHANGES, scene
from tests.fakes import FakeEncoder
from tests.shelf import new, put, random_vectors

SCENES = 6
LOOSE = 8
"""Pictures without a sketch, which are like nothing."""

EVERYTHING = Query((), Filters(kinds=frozenset(Kind)), k=100)
RED = Query((TextTerm("red and purple"),), k=100)
queries = st.sampled_from([EVERYTHING, RED, replace(RED, filters=Filters(folder="scenes"))])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Hold scenes with what people do to pictures: each with one change more."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "scenes").mkdir()
    for seed in range(SCENES):
        scene(seed).save(folder / "scenes" / f"{seed}.png")
        for name, change in list(CHANGES.items())[:seed]:
            change(scene(seed)).save(folder / "scenes" / f"{seed}-{name}.png")
    with Library.open(tmp_path_factory.mktemp("library"), FakeEncoder()) as opened:
        index(opened, [folder])
        loose = (new(f"{n}.jpg", row) for n, row in enumerate(random_vectors(LOOSE)))
        put(opened, folder / "loose", *loose)
        yield opened


def groups(answer: Answer) -> list[list[str]]:
    return [[hit.item.path, *(item.path for item in hit.alike)] for hit in answer.hits]


def seed_of(path: str) -> str:
    return path.removeprefix("scenes/")[0]


@pytest.mark.parametrize("query", [EVERYTHING, RED])
def test_near_duplicates_stand_behind_the_best_of_them(library: Library, query: Query) -> None:
    ranking = [path for [path] in groups(library.search(replace(query, fold=False)))]
    answer = library.search(query)
    assert len(ranking) == answer.total == SCENES * (SCENES + 1) // 2 + LOOSE
    for head, *behind in groups(answer):
        if head.startswith("scenes"):
            assert {seed_of(path) for path in behind} <= {seed_of(head)}
            places = [ranking.index(path) for path in (head, *behind)]
            assert places == sorted(places)
        else:
            assert behind == []
    assert max(len(group) for group in groups(answer)) >= SCENES - 1
    heads = [head for head, *_ in groups(answer)]
    assert heads == [path for path in ranking if path in heads]


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(queries, st.integers(1, 9), st.sampled_from([1, 2, 5, 64]), st.sampled_from([1, 3, 16]))
def test_pages_tile_and_show_every_content_once(
    library: Library, query: Query, k: int, stretch: int, folded: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "STRETCH", stretch)
        patch.setattr(folding, "FOLDED", folded * stretch)
        whole = groups(library.search(query))
        pages = []
        while len(pages) < 100:
            page = groups(library.search(replace(query, k=k, offset=len(pages))))
            pages += page
            if len(page) < k:
                break
        assert pages == whole
    shown = sorted(path for group in whole for path in group)
    assert shown == sorted(p for [p] in groups(library.search(replace(query, fold=False))))


def test_what_ranks_too_deep_stands_for_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "STRETCH", 6)
    monkeypatch.setattr(folding, "FOLDED", 12)
    unfolded = [path for [path] in groups(library.search(replace(RED, fold=False)))]
    folded = groups(library.search(RED))
    assert [group for group in folded if group[0] in unfolded[12:]] == [[p] for p in unfolded[12:]]
    assert {path for group in folded for path in group[1:]} <= set(unfolded[:12])


def test_a_page_compares_no_more_than_may_fold(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "STRETCH", 5)
    monkeypatch.setattr(folding, "FOLDED", 10)
    compared: list[int | None] = []

    def counted(ranking: list[Sketch | None]) -> object:
        compared.extend(sketch and sketch.content for sketch in ranking)
        return fold(ranking)

    monkeypatch.setattr(folding, "fold", counted)
    words = Query((TextTerm("something that nobody asked for"),), k=5)
    for offset in (20, 15, 10, 0):
        library.search(replace(words, offset=offset))
    assert len(compared) == 10
    assert max(Counter(filter(None, compared)).values()) == 1


def test_the_score_of_a_hit_is_the_same_folded_or_not(library: Library) -> None:
    alone = {
        hit.passage_id: hit.score for hit in library.search(replace(RED, fold=False, k=50)).hits
    }
    together = library.search(RED).hits
    assert [hit.score for hit in together] == [alone[hit.passage_id] for hit in together]


def test_only_what_passes_the_filters_stands_behind_a_hit(library: Library) -> None:
    largest = max(hit.item.content.size for hit in library.search(RED).hits) // 2
    small = library.search(replace(RED, filters=Filters(max_size=largest)))
    sizes = [item.content.size for hit in small.hits for item in (hit.item, *hit.alike)]
    assert max(sizes) <= largest
    assert len(sizes) == small.total


def test_a_change_of_the_library_is_seen_in_what_was_folded(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    scene(1).save(media / "lake.png")
    for name in ("halved", "grey"):
        CHANGES[name](scene(1)).save(media / f"{name}.png")
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        index(opened, [media])
        assert [len(group) for group in groups(opened.search(RED))] == [3]
        scene(2).save(media / "grey.png")
        index(opened, [media])
        assert sorted(len(group) for group in groups(opened.search(RED))) == [1, 2]


def test_looking_deeper_counts_as_the_same_stages(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "STRETCH", 2)
    answer = library.search(replace(RED, k=SCENES))
    stages = [stage.name for stage in answer.stages]
    assert stages == ["encode", "filter", "search", "words", "fold", "score", "load"]
    assert sum(stage.ms for stage in answer.stages) == pytest.approx(answer.took_ms)
