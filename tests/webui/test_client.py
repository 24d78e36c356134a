"""The Python client against a server that runs."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import ServerError
from retrieval.library import Library
from retrieval.media import Kind
from retrieval.request import FiltersBody, SearchBody
from tests.indexer.conftest import paint
from tests.webui.browser import serving
from tests.webui.conftest import app_of, serving_media
from webui.client import Client, like, picture, recording, words


@pytest.fixture
def triptych(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_a_line_of_the_search_box_is_answered(triptych: Client) -> None:
    answer = triptych.search("red kind:image")
    assert Path(answer.hits[0].path).name == "red.png"
    assert {hit.kind for hit in answer.hits} == {"image"}


def test_every_kind_of_term_goes_into_a_search(
    triptych: Client, folder: Path, ids: dict[str, int]
) -> None:
    terms = [
        words("blue", 3),
        picture(folder / "red.png", -0.5),
        recording((folder / "talk.wav").read_bytes(), 0.2),
        like(ids["green.jpg"], 0.1),
    ]
    answer = triptych.search(SearchBody(terms=terms, filters=FiltersBody(kind=[Kind.IMAGE]), k=2))
    assert len(answer.hits) == 2
    assert Path(answer.hits[0].path).name == "blue.png"
    assert answer.heard


def test_several_searches_are_answered_in_their_order(triptych: Client) -> None:
    colours = ("red", "blue", "green")
    answers = triptych.search_all([f"{colour} kind:image" for colour in colours])
    assert [Path(a.hits[0].path).stem for a in answers] == list(colours)


def test_items_are_described_shown_and_explained(triptych: Client, ids: dict[str, int]) -> None:
    number = ids["barn.txt"]
    item = triptych.item(number)
    assert item.name == "barn.txt"
    assert item.passages[0].text.startswith("A red barn")
    assert triptych.media(number).startswith(b"A red barn")
    assert triptych.explain("a red barn", number).sentences
    assert {place.item for place in triptych.places("a red barn", number).places} == {number}
    assert number not in {hit.item for hit in triptych.similar(number, k=5).hits}
    assert triptych.thumbnail(ids["red.png"]).startswith(b"\xff\xd8")


def test_the_library_is_described(triptych: Client, library: Library) -> None:
    assert triptych.stats().items == library.info().items
    assert triptych.duplicates().total == 0


def test_items_are_remarked_on_exported_and_forgotten(tmp_path: Path) -> None:
    paint(tmp_path / "media/a.png")
    with serving_media(tmp_path) as address, Client(address) as client:
        told = client.remark(1, favourite=True, caption="Zebras")
        assert (told.favourite, told.caption) == (True, "Zebras")
        assert client.remark(1, caption="").favourite
        client.export("passages.jsonl", tmp_path / "passages.jsonl")
        assert (tmp_path / "passages.jsonl").read_text().count("\n") == 1
        assert client.forget(1).items == 1
        with pytest.raises(ServerError) as refusal:
            client.export("everything.zip", tmp_path / "everything.zip")
        assert refusal.value.status == 404
        assert not (tmp_path / "everything.zip").exists()


def test_what_a_server_refuses_is_raised_with_its_words(triptych: Client) -> None:
    with pytest.raises(ServerError, match="999999") as refusal:
        triptych.item(999_999)
    assert refusal.value.status == 404


def test_a_token_is_sent(library: Library) -> None:
    with serving(app_of(library, token="t")) as address:
        with Client(address, token="t") as client:
            assert client.stats().items == 8
        with Client(address) as stranger, pytest.raises(ServerError, match="token") as refusal:
            stranger.stats()
        assert refusal.value.status == 401


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with Client(address) as client, pytest.raises(ServerError, match=address) as refusal:
            client.stats()
    assert refusal.value.status == 0


def test_a_proxy_of_the_environment_gets_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Client(address) as client:
        assert client.stats().items == 8
