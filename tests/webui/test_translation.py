"""What the server says is said in the reader's language."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from indexer.run import index
from retrieval.decode.opening import PILLOW
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.indexer.conftest import paint
from tests.webui.conftest import Client
from webui.app import create_app
from webui.translation import COOKIE, TEMPLATES, translate

CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")


def test_the_file_or_field_before_a_message_stays() -> None:
    said = translate("a: b/c.jpg: cannot be read: Permission denied", "zh")
    assert said == "a: b/c.jpg: 无法读取：没有权限"
    assert translate("k: Input should be a valid integer", "zh") == "k: 这里应当是整数"
    assert translate("words of another library", "zh") == "words of another library"
    many = "terms: 17 things to look for; name 16 at most."
    assert translate(many, "zh") == "terms: 要找的有 17 项，最多 16 项。"


def test_words_made_to_take_long_or_deep_do_not() -> None:
    parts = [piece for template in TEMPLATES for piece in template.pieces if piece]
    for words in ("1×" * 100_000, ": " * 100_000, "cannot be read: " * 50_000, *parts):
        assert translate(words * 50, "zh")


@pytest.fixture
def client(app: Flask) -> Client:
    found = app.test_client()
    assert isinstance(found, Client)
    return found


@pytest.mark.parametrize(
    ("accepted", "chosen", "chinese"),
    [
        ("", "", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", True),
        ("en-US,en;q=0.9,zh;q=0.5", "", False),
        ("fr,zh-TW;q=0.4", "", True),
        ("fr,zh;q=0", "", False),
        ("zh", "en", False),
        ("en", "zh", True),
        ("zh", "xx", True),
    ],
)
def test_the_reader_is_told_in_their_language(
    client: Client, accepted: str, chosen: str, chinese: bool
) -> None:
    if chosen:
        client.set_cookie(COOKIE, chosen)
    reply = client.get("/api/v1/items/999999", headers={"Accept-Language": accepted})
    said = reply.get_json()["error"]
    assert said == (
        "资料库中没有条目 999999。" if chinese else "There is no item 999999 in this library."
    )
    assert {"Accept-Language", "Cookie"} <= set(reply.vary)


SPELT = (
    *("text", "image", "audio", "item", "vector", "video", "true", "false", "base64", "31T18"),
    *("FakeEncoder", "fake", "HEIF", *PILLOW.values()),
)
"""What stays as it is spelt."""


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"q": {}},
        {"terms": [{"text": "red"}] * 17},
        {"q": ["x"] * 40},
        {"q": "red", "k": 0},
        {"q": "red", "k": 10**6},
        {"q": "red", "k": "many"},
        {"q": "red", "k": True},
        {"q": 5},
        {"q": "red", "colour": "blue"},
        {"q": "red", "exact": "perhaps"},
        {"q": "red", "filters": {"after": "soon"}},
        {"q": "red", "filters": {"kind": ["smell"]}},
        {"q": "red", "filters": []},
        {"q": "red", "phrases": [{"words": ""}]},
        {"terms": [{"smell": "red"}]},
        {"terms": [{"text": "red", "weight": 1e9}]},
        {"terms": [{"text": "red"}, {"text": "red", "weight": -1}]},
        {"terms": [{"vector": [0.0] * 64}]},
        {"terms": [{"vector": [1.0, 2.0]}]},
        {"terms": [{"image": "%%%"}]},
        {"terms": [{"image": "AAAA"}]},
        {"terms": [{"audio": "AAAA"}]},
        {"terms": [{"item": 999999}]},
    ],
    ids=str,
)
def test_what_is_amiss_with_a_query_is_said_in_chinese(client: Client, body: Any) -> None:
    english = client.post("/api/v1/search", json=body).get_json()["errors"]
    asked = {"headers": {"Accept-Language": "zh"}, "json": body}
    reply = client.post("/api/v1/search", **asked)
    assert reply.status_code >= 400
    for before, said in zip(english, reply.get_json()["errors"], strict=True):
        [field] = re.findall(r"^(?:[\w.]+: )?", before)
        assert said.startswith(field)
        words = re.sub("|".join(SPELT), "", said.removeprefix(field))
        assert CHINESE_LETTER.search(words)
        assert not re.search("[A-Za-z]{2}", words), said


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/api/v1/nothing"), ("PUT", "/api/v1/search"), ("GET", "/nothing")],
)
def test_what_no_view_takes_is_refused_in_chinese(
    client: Client, method: str, address: str
) -> None:
    reply = client.open(address, method=method, headers={"Accept-Language": "zh"})
    said = reply.get_json()["error"] if reply.is_json else reply.text
    assert CHINESE_LETTER.search(said)


CUT = ("photo.jpg", "photo.png", "photo.gif", "photo.webp", "photo.tif", "photo.bmp")
DAMAGED = {
    "page.pdf": b"%PDF-1.4\n garbage",
    "letter.docx": b"PK\x03\x04" + bytes(99),
    "song.mp3": b"ID3\x04" + bytes(99),
    "talk.ogg": b"OggS" + bytes(99),
    "notes.txt": bytes(range(256)),
    "empty.png": b"",
    "odd.jpg": b"words",
}


def test_why_files_could_not_be_read_is_said_in_chinese(tmp_path: Path) -> None:
    for name in CUT:
        paint(tmp_path / name)
        os.truncate(tmp_path / name, (tmp_path / name).stat().st_size * 3 // 4)
    for name, data in DAMAGED.items():
        (tmp_path / name).write_bytes(data)
    with Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library:
        index(library, [tmp_path], transcriber=FakeTranscriber())
        ours = create_app(library).test_client()
        told = ours.get("/api/v1/stats", headers={"Accept-Language": "zh"}).get_json()["failures"]
        assert {Path(one["path"]).name for one in told} >= DAMAGED.keys()
        for one in told:
            assert not re.search("(?<![.a-z])[a-z]{3}", one["reason"]), one
        for one in ours.get("/api/v1/stats").get_json()["failures"]:
            assert not CHINESE_LETTER.search(one["reason"])
