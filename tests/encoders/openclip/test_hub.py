"""Files of models: found without a connection, fetched from a hub, or asked for in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from retrieval.encoders.openclip.hub import Repositories, obtain
from retrieval.errors import ModelUnavailable
from tests.clips import put_in_cache

ROOT = Path(__file__).parents[3]
PARTS = Repositories("tests/weights", tokenizer="tests/words", text_config="tests/words")
PUBLISHED = {
    "tests/weights": {"open_clip_pytorch_model.bin": b"weights", "README.md": b"# A model"},
    "tests/words": {"tokenizer.json": b"{}", "tokenizer_config.json": b"[]", "config.json": b"{}"},
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROGRAM = """
import sys
from retrieval.encoders.openclip.hub import Repositories, obtain
from retrieval.errors import ModelUnavailable
parts = Repositories("tests/weights", tokenizer="tests/words", text_config="tests/words")
try:
    print(*obtain("openclip:tiny/tests", parts), parts.here())
except ModelUnavailable as error:
    print(error)
"""


class Hub(BaseHTTPRequestHandler):
    """As much of huggingface.co as its client asks for."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0].removeprefix("/")
        if path.startswith("api/models/"):
            name = path.removeprefix("api/models/")
            files = [{"rfilename": file} for file in PUBLISHED[name]]
            self._send(json.dumps({"id": name, "sha": COMMIT, "siblings": files}).encode())
        else:
            name, _, file = path.partition("/resolve/main/")
            self._send(PUBLISHED[name][file])

    do_HEAD = do_GET

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hash(body):x}"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def run(cache: Path, **environment: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**kept, "HF_HUB_CACHE": str(cache), "HF_HUB_DISABLE_XET": "1", **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return result.stdout.strip()


def test_what_is_missing_is_fetched_once(hub: str, tmp_path: Path) -> None:
    weights, tokenizer, text, here = run(tmp_path, HF_ENDPOINT=hub).split()
    assert Path(weights).read_bytes() == b"weights"
    assert Path(tokenizer).name == "tokenizer.json"
    assert (Path(tokenizer).parent / "tokenizer_config.json").is_file()
    assert Path(text).name == "config.json"
    assert here == "True"
    assert not list(tmp_path.rglob("README.md"))
    assert run(tmp_path, HF_ENDPOINT="http://127.0.0.1:9").split()[0] == weights


def test_without_a_hub_the_commands_are_given_within_seconds(tmp_path: Path) -> None:
    start = time.monotonic()
    said = run(tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
    assert time.monotonic() - start < 10
    assert "openclip:tiny/tests is not on this machine" in said
    assert "    hf download tests/weights --cache-dir models\n" in said
    assert '    hf download tests/words --include "*.json" --cache-dir models\n' in said
    assert said.endswith(f"Then copy what is in models/ to {tmp_path} on this one.")


def test_offline_mode_is_kept_to(hub: str, tmp_path: Path) -> None:
    said = run(tmp_path, HF_ENDPOINT=hub, HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE is set" in said
    assert not list(tmp_path.iterdir())


def test_a_repository_without_the_files_is_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: str
) -> None:
    monkeypatch.setitem(PUBLISHED, "tests/weights", {"README.md": b""})
    said = run(tmp_path, HF_ENDPOINT=hub)
    assert "tests/weights has none of open_clip_model.safetensors" in said


def test_what_is_in_the_cache_is_found_by_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    named = Repositories("tests/weights", file="pytorch_model.bin")
    with pytest.raises(ModelUnavailable):
        obtain("openclip:tiny/tests", named)
    file = tmp_path / "pytorch_model.bin"
    file.write_bytes(b"")
    snapshot = put_in_cache(cache, "tests/weights", file)
    assert obtain("openclip:tiny/tests", named) == (snapshot / file.name, None, None)
    assert named.here()
    assert not PARTS.here()
