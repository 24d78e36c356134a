"""Films and recordings in a library: what is seen and what is said, each with its time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.report import Report
from retrieval.library import Library
from retrieval.media import Filters, Hit, Kind, Query, TextTerm
from tests.decode.test_sound import encode
from tests.films import film
from tests.indexer.conftest import record

Run = Callable[[], Report]


def best(library: Library, words: str) -> Hit:
    return library.search(Query((TextTerm(words),))).hits[0]


def test_a_scene_of_a_film_is_found_with_its_time(library: Library, media: Path, run: Run) -> None:
    film(media / "holiday.mp4", ["red", "blue", "green"], tone=True)
    assert run().failures == ()
    hit = best(library, "blue")
    assert (hit.item.path, hit.item.content.kind) == ("holiday.mp4", Kind.VIDEO)
    assert hit.passage.kind is Kind.IMAGE
    assert hit.passage.start == pytest.approx(3, abs=0.2)
    assert hit.passage.end == pytest.approx(6, abs=0.2)


def test_what_is_said_in_a_film_is_found_with_its_time(
    library: Library, media: Path, run: Run
) -> None:
    film(media / "talk.mkv", ["red", "blue"], tone=True)
    run()
    said = "a recording of 6 seconds"
    hit = best(library, said)
    assert hit.item.content.kind is Kind.VIDEO and hit.passage.kind is Kind.AUDIO
    assert hit.passage.text == said
    assert hit.item.content.language == "en"


def test_a_film_without_sound_is_seen(library: Library, media: Path, run: Run) -> None:
    film(media / "mute.mp4", ["red", "blue"])
    assert run().failures == ()
    assert best(library, "red").item.path == "mute.mp4"


def test_a_film_says_of_itself_what_its_container_does(
    library: Library, media: Path, run: Run
) -> None:
    tags = {"title": "A day out", "creation_time": "2024-05-06T07:08:09.000000Z"}
    film(media / "a.mp4", ["red"], tags=tags)
    run()
    content = best(library, "red").item.content
    assert content.title == "A day out"
    assert str(content.taken_at) == "2024-05-06 07:08:09"
    assert (content.width, content.height) == (96, 64)
    assert content.duration == pytest.approx(3, abs=0.2)


def test_a_film_has_a_thumbnail(library: Library, media: Path, run: Run) -> None:
    film(media / "a.mp4", ["red"])
    run()
    assert library.thumbnails.file(best(library, "red").item.content.hash).exists()


def test_a_container_named_for_films_that_holds_sound_alone_is_a_recording(
    library: Library, media: Path, run: Run
) -> None:
    (media / "memo.mp4").write_bytes(encode("mp4", "aac"))
    run()
    [hit] = library.search(Query((TextTerm("anything"),))).hits
    assert hit.item.content.kind is Kind.AUDIO
    assert hit.item.content.mime == "audio/mp4"


def test_kinds_are_told_apart_by_the_file_and_not_by_what_answers(
    library: Library, media: Path, run: Run
) -> None:
    film(media / "a.mp4", ["red"], tone=True)
    record(media / "a.wav")
    run()

    def found(kind: Kind) -> list[str]:
        query = Query((TextTerm("red"),), Filters(frozenset({kind})))
        return [hit.item.path for hit in library.search(query).hits]

    assert found(Kind.VIDEO) == ["a.mp4"]
    assert found(Kind.AUDIO) == ["a.wav"]
    assert found(Kind.IMAGE) == []


def test_a_damaged_film_is_a_failure_and_the_rest_goes_on(
    library: Library, media: Path, run: Run
) -> None:
    whole = film(media / "good.mp4", ["red"]).read_bytes()
    (media / "bad.mp4").write_bytes(whole[:600])
    [failure] = run().failures
    assert failure.path.endswith("bad.mp4")
    assert best(library, "red").item.path == "good.mp4"


def test_what_is_said_is_found_where_the_picture_is_damaged(
    library: Library, media: Path, run: Run
) -> None:
    file = film(media / "a.mkv", ["red"], tone=True)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"V_MPEG4/ISO/ASP", b"V_MPEG9/XXX/YYY"))
    assert run().failures == ()
    assert best(library, "a recording of 3 seconds").item.content.kind is Kind.AUDIO
