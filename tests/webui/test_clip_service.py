"""clip-retrieval's own client, as it is, against our server."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from retrieval.library import Library
from tests.webui.clip_client import ClipClient, Modality

EVERYTHING = {"modality": "image", "num_images": 10}


@pytest.fixture
def clip(address: str) -> ClipClient:
    return ClipClient(f"{address}/knn-service", "laion5B", num_images=3)


def names(results: list[dict[str, object]]) -> list[str]:
    return [Path(str(result["image_path"])).name for result in results]


def test_its_client_finds_pictures_by_words(clip: ClipClient, ids: dict[str, int]) -> None:
    results = clip.query(text="red")
    assert len(results) == 3
    assert names(results)[0] == "red.png"
    assert results[0]["id"] == ids["red.png"]
    assert 0 < results[0]["similarity"] <= 1
    assert results[0]["caption"] == "red"
    with Image.open(BytesIO(b64decode(results[0]["image"]))) as small:
        assert small.size == (480, 320)


def test_its_client_finds_pictures_by_a_picture(clip: ClipClient, folder: Path) -> None:
    results = clip.query(image=str(folder / "blue.png"))
    assert names(results)[0] != "blue.png"  # what a query shows it does not return
    assert {Path(name).suffix for name in names(results)} <= {".png", ".jpg", ".webp"}


def test_its_client_finds_pictures_by_a_vector(clip: ClipClient, library: Library) -> None:
    vector = library.encoder.encode_texts(["green"])[0]
    assert names(clip.query(embedding_input=vector.tolist()))[0] == "green.jpg"


def test_its_client_finds_texts(address: str) -> None:
    clip = ClipClient(f"{address}/knn-service", "any", modality=Modality.TEXT, num_images=2)
    results = clip.query(text="a red barn by the road")
    assert names(results)[0] == "barn.txt"
    assert "red barn" in results[0]["caption"]


def test_where_a_result_points_to_is_its_file(clip: ClipClient, client: FlaskClient) -> None:
    url = clip.query(text="red")[0]["url"]
    assert url.startswith("http://127.0.0.1:")
    assert client.get(url).mimetype == "image/png"


def test_hits_beyond_the_pictures_wanted_come_without_description(client: FlaskClient) -> None:
    asked = {**EVERYTHING, "text": "red", "num_images": 1, "num_result_ids": 3}
    first, *rest = client.post("/knn-service", json=asked).json
    assert "url" in first
    assert [set(result) for result in rest] == [{"id", "similarity"}] * 2


def test_items_are_described_by_number(client: FlaskClient, ids: dict[str, int]) -> None:
    asked = {"ids": [ids["talk.wav"], ids["red.png"]], "indice_name": "any"}
    sound, picture = client.post("/metadata", json=asked).json
    assert sound["id"] == ids["talk.wav"]
    assert names([sound["metadata"], picture["metadata"]]) == ["talk.wav", "red.png"]
    assert "image" not in sound["metadata"]
    assert client.post("/metadata", json={"ids": []}).json == []


def test_there_is_one_index(client: FlaskClient) -> None:
    assert client.get("/indices-list").json == ["triptych"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (EVERYTHING, "text: say what"),
        ({**EVERYTHING, "image_url": "http://127.0.0.1/x.jpg"}, "image_url: .* not fetched"),
        ({**EVERYTHING, "text": "a", "num_images": 0}, "num_images"),
        ({**EVERYTHING, "text": "a", "modality": "smell"}, "modality"),
        ({**EVERYTHING, "image": "%%%"}, "base64"),
        ({**EVERYTHING, "embedding_input": [1.0, 2.0]}, "vector"),
        ([], "query"),
    ],
)
def test_what_cannot_be_answered_is_refused(client: FlaskClient, asked: object, said: str) -> None:
    reply = client.post("/knn-service", json=asked)
    assert reply.status_code == 400
    assert re.search(said, reply.json["error"])


def test_more_than_there_is_room_for_is_cut_off(client: FlaskClient) -> None:
    asked = {**EVERYTHING, "text": "red", "num_images": 3000, "num_result_ids": 100_000}
    assert client.post("/knn-service", json=asked).status_code == 200


def test_items_that_are_gone_are_named(client: FlaskClient) -> None:
    reply = client.post("/metadata", json={"ids": [999_999]})
    assert reply.status_code == 404
    assert "999999" in reply.json["error"]
