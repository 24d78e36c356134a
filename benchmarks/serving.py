"""Searches a second over HTTP, by how many ask at once; beside a server that takes them singly.

    python -m benchmarks.serving --captions ../shared/data/flickr8k/captions.jsonl --keep DIR

The library holds synthetic pictures in the built-in encoder's space; every query is a caption that
was not asked before. The plain way is the shape of clip-retrieval's back end: Flask's own server, a
thread for each request, which encodes its one query, searches FAISS's flat index and looks up what
it found in memory. Both have the same encoder. The load comes from ``wrk``, which must be installed
and shares the cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import click

from benchmarks.cold import make
from retrieval.library import CATALOG

CLIENTS = (1, 8, 32, 64)
SCRIPT = Path(__file__).with_name("serving.lua")
PLAIN_PORT, PORT = 7191, 7192
SECONDS_TO_START = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under a number of clients; milliseconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@contextmanager
def running(command: list[str], address: str) -> Iterator[None]:
    """Run a server until it is no longer needed, once it answers."""
    with subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(address)
            yield
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    """Wait until an address answers."""
    for _ in range(10 * SECONDS_TO_START):
        try:
            urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise click.ClickException(f"{address} does not answer")


def load(address: str, clients: int, seconds: int, paths: Path, start: int) -> Load:
    """Have so many clients ask for some seconds, from one query on."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}", "--timeout=30", f"-s{SCRIPT}", address]
    command += ["--", str(paths), str(start)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Load(**json.loads(done.stderr.splitlines()[-1]))


def measure(name: str, command: list[str], port: int, paths: Path, seconds: int) -> None:
    """Print what a server does under each number of clients."""
    address = f"http://127.0.0.1:{port}"
    with running(command, f"{address}/healthz"):
        start = 0
        start += load(address, 4, 3, paths, start).requests  # warms up
        alone = 0.0
        for clients in CLIENTS:
            done = load(address, clients, seconds, paths, start)
            start += done.requests
            alone = alone or done.rate
            click.echo(
                f"{name}, {clients} clients: {done.rate:.1f} a second ({done.rate / alone:.2f}×), "
                f"p50 {done.p50:.0f} ms, p99 {done.p99:.0f} ms, {done.failed} failed"
            )


def serve_plainly(library: Path) -> None:
    """Answer queries singly, as clip-retrieval's back end is made."""
    import faiss
    import numpy as np
    from flask import Flask, jsonify, request

    from retrieval.library import Library

    with Library.open_existing(library) as opened:
        encoder = opened.encoder
        index = faiss.IndexFlatIP(encoder.dim)
        ids = []
        for batch in opened.catalog.embeddings.after(0):
            index.add(np.ascontiguousarray(batch.vectors, np.float32))
            ids += [{"id": number, "path": f"{number}.jpg"} for number in batch.ids.tolist()]
    app = Flask("plain")

    @app.get("/api/v1/search")
    def search() -> object:
        scores, rows = index.search(encoder.encode_texts([request.args["q"]]), 20)
        found = zip(scores[0].tolist(), rows[0].tolist(), strict=True)
        return jsonify([{**ids[row], "similarity": score} for score, row in found])

    @app.get("/healthz")
    def healthz() -> object:
        return jsonify(ok=True)

    app.run("127.0.0.1", PLAIN_PORT, threaded=True)


@click.command()
@click.option("--captions", type=click.Path(exists=True, path_type=Path), help="JSON lines, `en`.")
@click.option("--keep", type=click.Path(path_type=Path), required=True, help="Where it is made.")
@click.option("--rows", type=int, default=10_000, show_default=True)
@click.option("--seconds", type=int, default=10, show_default=True, help="Of each load.")
@click.option("--plain", is_flag=True, help="Be the plain server.", hidden=True)
@click.option("--ours-only", is_flag=True, help="Leave the plain server out.")
def main(
    captions: Path | None, keep: Path, rows: int, seconds: int, plain: bool, ours_only: bool
) -> None:
    """Print requests a second and milliseconds of both servers."""
    if plain:
        serve_plainly(keep)
        return
    if captions is None:
        raise click.UsageError("--captions FILE: what is asked")
    if not (keep / CATALOG).exists():
        make(keep, rows)
    with tempfile.TemporaryDirectory() as scratch:
        paths = Path(scratch) / "paths"
        lines = (json.loads(line)["en"] for line in captions.open(encoding="utf-8"))
        asked = dict.fromkeys(caption for line in lines for caption in line)
        paths.write_text("".join(f"/api/v1/search?q={quote(one)}\n" for one in asked))
        ours = ["-m", "cli", "serve", "--library", str(keep), "--port", str(PORT)]
        theirs = ["-m", "benchmarks.serving", "--keep", str(keep), "--plain"]
        measure("Triptych", ours, PORT, paths, seconds)
        if not ours_only:
            measure("one by one", theirs, PLAIN_PORT, paths, seconds)


if __name__ == "__main__":
    main()
