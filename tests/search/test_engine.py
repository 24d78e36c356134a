"""One fair list over all kinds, stable pages, and queries of every mixture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.errors import InvalidQuery, NotFound
from retrieval.library import Library
from retrieval.media import (
    Filters,
    ImageTerm,
    ItemTerm,
    Kind,
    Phrase,
    Query,
    SpeechTerm,
    Term,
    TextTerm,
)
from retrieval.progress import Unwatched
from retrieval.speech.transcriber import Utterance
from retrieval.vectors import approach, store
from tests.fakes import DIM, FakeEncoder, FakeTranscriber
from tests.shelf import content, new, put, random_vectors, unit

RED, BLUE = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))


def names(library: Library, *terms: Term, k: int = 50, **filters: object) -> list[str]:
    answer = library.search(Query(terms, Filters(**filters), k))  # type: ignore[arg-type]
    return [hit.item.path for hit in answer.hits]


@pytest.fixture
def colours(library: Library, tmp_path: Path) -> Library:
    """Fill a library with a picture and a sentence of each of several colours."""
    encoder = FakeEncoder()
    words = ["red", "green", "blue", "yellow", "purple"]
    pictures = encoder.encode_images([Image.new("RGB", (8, 8), word) for word in words])
    texts = encoder.encode_texts([f"a {word} thing" for word in words])
    put(
        library,
        tmp_path / "a",
        *(new(f"{word}.png", row) for word, row in zip(words, pictures, strict=True)),
        *(new(f"{w}.txt", r, Kind.TEXT, [w]) for w, r in zip(words, texts, strict=True)),
    )
    return library


class Gapped(FakeEncoder):
    """An encoder with a modality gap: every text lies nearer to any text than to any picture."""

    def encode_texts(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        return unit(super().encode_texts(texts) + GAP)


GAP = np.eye(DIM, dtype=np.float32)[-1] * 3


def test_kinds_interleave_in_spite_of_the_modality_gap(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    encoder = Gapped()
    noise = unit(rng.standard_normal((80, DIM)) * (GAP == 0))
    red = FakeEncoder().encode_texts(["red"])[0]
    pictures = np.vstack([unit(red + 0.3 * noise[:3]), noise[3:40]])
    texts = unit(np.vstack([unit(red + 0.3 * noise[40:43]), noise[43:]]) + GAP)
    with Library.open(tmp_path / "gapped", encoder) as library:
        put(
            library,
            tmp_path / "a",
            *(new(f"{'red' if i < 3 else 'other'}-{i}.png", row) for i, row in enumerate(pictures)),
            *(
                new(f"{'red' if i < 3 else 'other'}-{i}.txt", row, Kind.TEXT)
                for i, row in enumerate(texts)
            ),
        )
        hits = library.search(Query((TextTerm("red"),), k=77)).hits
    by_cosine = sorted(hits, key=lambda hit: -hit.similarity)
    assert {hit.item.content.kind for hit in by_cosine[:37]} == {Kind.TEXT}, "there is a gap"
    best = [hit.item.path for hit in hits[:6]]
    assert sorted(best) == [f"red-{i}.{end}" for i in range(3) for end in ("png", "txt")]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[5] <= 1


def test_words_find_pictures_and_texts_alike(colours: Library) -> None:
    assert set(names(colours, TextTerm("blue"), k=2)) == {"blue.png", "blue.txt"}
    assert set(names(colours, TextTerm("蓝"), k=2)) == {"blue.png", "blue.txt"}


def test_a_picture_finds_pictures_and_texts_alike(colours: Library) -> None:
    assert set(names(colours, ImageTerm(BLUE), k=2)) == {"blue.png", "blue.txt"}


def test_an_item_finds_others_like_itself(colours: Library) -> None:
    [hit] = colours.search(Query((TextTerm("red"),), Filters(frozenset({Kind.IMAGE})), 1)).hits
    similar = names(colours, ItemTerm(hit.item.id))
    assert similar[0] == "red.txt"
    assert "red.png" not in similar
    assert len(similar) == 9


def test_a_picture_that_is_in_the_library_is_left_out(colours: Library) -> None:
    term = ImageTerm(RED, hash=content("red.png").hash)
    assert "red.png" not in names(colours, term)
    assert "red.png" in names(colours, ImageTerm(RED, hash="0" * 64))


def test_a_mix_lies_between_its_terms(colours: Library) -> None:
    mixed = names(colours, TextTerm("blue"), ImageTerm(RED), k=4)
    assert set(mixed) == {"red.png", "red.txt", "blue.png", "blue.txt"}


def test_a_negative_term_pushes_away(colours: Library) -> None:
    both = TextTerm("red blue")
    pictures = frozenset({Kind.IMAGE})
    assert names(colours, both, TextTerm("blue", -0.8), kinds=pictures)[0] == "red.png"
    assert names(colours, both, TextTerm("red", -0.8), kinds=pictures)[0] == "blue.png"
    assert names(colours, TextTerm("red", -1.0), kinds=pictures)[-1] == "red.png"


def test_weights_decide(colours: Library) -> None:
    pictures = frozenset({Kind.IMAGE})
    for heavy, light in (("red", "blue"), ("blue", "red")):
        terms = TextTerm(heavy, 3.0), TextTerm(light, 0.5)
        assert names(colours, *terms, kinds=pictures)[0] == f"{heavy}.png"


def test_similarity_stays_a_cosine_when_terms_are_added(colours: Library) -> None:
    terms = (TextTerm("red", 5.0), ImageTerm(RED, 5.0), TextTerm("blue", -2.0))
    hits = colours.search(Query(terms)).hits
    assert all(-1.001 <= hit.similarity <= 1.001 for hit in hits)


def test_terms_that_cancel_out_are_refused(colours: Library) -> None:
    with pytest.raises(InvalidQuery, match="cancel out"):
        colours.search(Query((TextTerm("red"), TextTerm("red", -1.0))))


def test_queries_without_content_are_refused(colours: Library) -> None:
    for terms in [(), (TextTerm("  \n"),)]:
        with pytest.raises(InvalidQuery):
            colours.search(Query(terms))
    with pytest.raises(NotFound, match="no item 999"):
        colours.search(Query((ItemTerm(999),)))


def test_speech_is_a_text_query(tmp_path: Path, colours: Library) -> None:
    from tests.sounds import tone

    sound = tmp_path / "query.wav"
    tone(sound)
    colours.__dict__["transcriber"] = FakeTranscriber([Utterance(0, 1, "something blue")])
    answer = colours.search(Query((SpeechTerm(sound),), k=2))
    assert answer.heard == ("something blue",)
    assert {hit.item.path for hit in answer.hits} == {"blue.png", "blue.txt"}
    colours.__dict__["transcriber"].utterances = [Utterance(0, 1, "")]
    with pytest.raises(InvalidQuery, match="No speech was heard"):
        colours.search(Query((SpeechTerm(sound.read_bytes()),)))


def test_a_query_longer_than_the_window_counts_as_a_whole(colours: Library) -> None:
    long = "red. " * 100 + "blue. " * 100
    assert set(names(colours, TextTerm(long), k=4)) == {
        "red.png",
        "red.txt",
        "blue.png",
        "blue.txt",
    }


def test_passages_of_one_item_answer_once_with_their_count(
    library: Library, tmp_path: Path
) -> None:
    red = FakeEncoder().encode_texts(["red"])
    book = np.vstack([red, unit(red + 0.01 * random_vectors(2, 7)), random_vectors(198)])
    put(
        library,
        tmp_path / "a",
        new("book.txt", book, Kind.TEXT, [f"window {i}" for i in range(201)]),
        *(new(f"{i}.txt", random_vectors(1, 100 + i), Kind.TEXT) for i in range(5)),
    )
    answer = library.search(Query((TextTerm("red"),), k=6))
    assert answer.hits[0].item.path == "book.txt"
    assert answer.hits[0].passage.text == "window 0"
    assert answer.hits[0].passages == 3
    assert len({hit.item.id for hit in answer.hits}) == answer.total == 6


def test_a_query_that_nothing_answers_says_so(library: Library, tmp_path: Path) -> None:
    rows = unit(random_vectors(20)[:, ::-1])
    put(library, tmp_path / "a", *(new(f"{i}.png", row) for i, row in enumerate(rows)))
    put(library, tmp_path / "a", new("red.png", FakeEncoder().encode_images([RED])))
    assert library.search(Query((TextTerm("red"),))).confident
    assert not library.search(Query((TextTerm("zebra crossing at noon"),))).confident


def test_an_empty_library_answers_nothing(library: Library) -> None:
    answer = library.search(Query((TextTerm("red"),)))
    assert (answer.hits, answer.total, answer.confident) == ((), 0, False)


def test_another_process_s_additions_are_found_at_once(library: Library, tmp_path: Path) -> None:
    assert names(library, TextTerm("red")) == []
    with Library.open(library.path, FakeEncoder()) as other:
        put(other, tmp_path / "a", new("red.png", random_vectors(1)))
        assert names(library, TextTerm("red")) == ["red.png"]
        put(other, tmp_path / "a", new("blue.png", random_vectors(1, 1)))
    assert sorted(names(library, TextTerm("red"))) == ["blue.png", "red.png"]


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(k=st.integers(1, 12), kinds=st.sets(st.sampled_from([Kind.IMAGE, Kind.TEXT])))
def test_pages_tile_the_ranking(colours: Library, k: int, kinds: set[Kind]) -> None:
    terms, filters = (TextTerm("red and purple"),), Filters(frozenset(kinds))
    whole = colours.search(Query(terms, filters, 100))
    pages = [
        colours.search(Query(terms, filters, k, offset)).hits for offset in range(0, whole.total, k)
    ]
    assert [hit for page in pages for hit in page] == list(whole.hits)
    assert len(whole.hits) == whole.total == (5 if len(kinds) == 1 else 10)


def test_a_large_library_says_what_its_index_finds(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGE", 100 * DIM)
    monkeypatch.setattr(approach, "REACH", 80)
    pictures = [new(f"{n}.png", row) for n, row in enumerate(random_vectors(400))]
    put(library, tmp_path / "a", *pictures)
    with library.write():
        library.keep(Unwatched())
    about = library.info().index.approximations[Kind.IMAGE]
    assert 1 <= about.nprobe <= about.lists
    assert 0.9 <= about.recall <= 1
    query = Query((TextTerm("red"),), k=400)
    exactly = [hit.item.path for hit in library.search(replace(query, exact=True)).hits]
    pages = [library.search(replace(query, k=50, offset=at)).hits for at in range(0, 400, 50)]
    shown = [hit.item.path for page in pages for hit in page]
    assert sorted(shown) == sorted(exactly)
    assert len(set(shown[:10]) & set(exactly[:10])) >= 8


def test_a_hit_has_one_score_whatever_page_it_is_on(colours: Library) -> None:
    terms = (TextTerm("red"),)
    whole = [hit.score for hit in colours.search(Query(terms, k=10)).hits]
    pages = [colours.search(Query(terms, k=1, offset=at)).hits[0].score for at in range(10)]
    assert pages == whole


def test_words_raise_what_holds_them(library: Library, tmp_path: Path) -> None:
    texts = ["the invoice of the plumber", "a bill for mending pipes", "holiday in Spain"]
    put(
        library,
        tmp_path / "a",
        *(new(f"{n}.txt", random_vectors(1, n), Kind.TEXT, [t]) for n, t in enumerate(texts)),
        new("plumber.png", random_vectors(1, 9)),
    )
    assert set(names(library, TextTerm("plumber"))[:2]) == {"0.txt", "plumber.png"}


def test_phrases_must_be_there_or_must_not(library: Library, tmp_path: Path) -> None:
    texts = ["a red barn by the road", "a barn, painted red", "一座红色的谷仓"]
    put(
        library,
        tmp_path / "a",
        *(new(f"{n}.txt", random_vectors(1, n), Kind.TEXT, [t]) for n, t in enumerate(texts)),
    )
    for phrase, held in (("red barn", {0}), ("barn", {0, 1}), ("红色", {2}), ("barn red", set())):
        for wanted in (True, False):
            query = Query((TextTerm("barn"),), phrases=(Phrase(phrase, wanted),))
            answer = library.search(query)
            expected = held if wanted else {0, 1, 2} - held
            assert {hit.item.path for hit in answer.hits} == {f"{n}.txt" for n in expected}
            assert answer.total == len(expected)
