"""What is text and ours travels in fewer bytes; media travel as they are."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize(
    "path", ["/", "/static/app.js", "/static/base.css", "/api/v1/search?q=red", "/api/v1/stats"]
)
def test_text_of_ours_is_compressed_to_the_same_bytes(client: FlaskClient, path: str) -> None:
    plain, small = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data)
    if path.startswith("/static"):
        assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize("name", ["talk.wav", "barn.txt", "tides.html", "red.png"])
def test_media_are_left_alone_and_come_in_ranges(
    client: FlaskClient, ids: dict[str, int], name: str
) -> None:
    path = f"/api/v1/items/{ids[name]}/media"
    whole = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in whole.headers
    part = client.get(path, headers={**GZIP, "Range": "bytes=3-9"})
    assert part.status_code == 206
    assert part.data == whole.data[3:10]


def test_a_static_file_that_was_kept_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/app.js", headers=GZIP)
    again = {**GZIP, "If-None-Match": first.headers["ETag"]}
    reply = client.get("/static/app.js", headers=again)
    assert reply.status_code == 304
    assert not reply.data
