"""One search from the command line, in a process of its own: how long it takes, and at what.

    python -m benchmarks.cold --keep DIR

The library holds synthetic pictures in the built-in encoder's space; the command, the encoder and
the words are real. What it reads is in the file system's cache after the first run.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import click

from benchmarks.library import fill
from benchmarks.synthetic import Shape
from cli.progress import ProgressBar
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.library import CATALOG, Library

WORDS = "a dog running on the beach"

OBSERVED = """
import json, sys, time
marks = [("interpreter, first imports", float(sys.argv.pop(1)))]
mark = lambda name: marks.append((name, time.perf_counter()))
from cli.main import run
import cli.search
from retrieval import ahead
begin = ahead.begin_words

def begin_words(library):
    mark("beginning to open the encoder")
    encoder = begin(library)
    mark("other imports")
    from retrieval.library import Library
    mark("opening the library")
    open_existing, search = Library.open_existing, Library.search
    Library.open_existing = lambda *given: [open_existing(*given), mark("vectors, search")][0]

    def observed(*given):
        answer = search(*given)
        mark("printing, ending")
        marks.append(("encode", answer.stages[0].ms))
        return answer

    Library.search = observed
    return encoder

ahead.begin_words = begin_words
try:
    run(prog_name="triptych")
finally:
    print(json.dumps(marks), file=sys.stderr)
"""
"""The command as it is, with a mark where each stage begins."""


def make(folder: Path, rows: int) -> None:
    """Make a library of synthetic pictures, shaped like the encoder's reference vectors."""
    encoder = BuiltinEncoder()
    shape = Shape(encoder.reference_images(), encoder.reference_texts())
    with Library.open(folder, encoder) as library, ProgressBar("Making") as progress:
        fill(library, shape, rows)
        with library.write():
            library.keep(progress)


def search(library: Path, *program: str) -> str:
    """Search in a fresh process; give what it said on standard error."""
    command = [sys.executable, *program, "search", WORDS, "--library", str(library)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def time_whole(library: Path) -> float:
    """Search once; give the seconds it took."""
    began = time.perf_counter()
    search(library, "-m", "cli")
    return time.perf_counter() - began


def time_stages(library: Path) -> dict[str, float]:
    """Search once, observed; give the milliseconds of each stage."""
    said = search(library, "-c", OBSERVED, str(time.perf_counter()))
    ended = time.perf_counter()
    *marks, (encode, ms) = json.loads(said.splitlines()[-1])
    found = {
        name: 1000 * (end - start) for (name, start), (_, end) in pairwise([*marks, ("", ended)])
    }
    found["vectors, search"] -= ms
    return found | {encode: ms}


@click.command()
@click.option("--rows", type=int, default=10_000, show_default=True)
@click.option("--runs", type=int, default=15, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), required=True, help="Where it is made.")
def run(rows: int, runs: int, keep: Path) -> None:
    """Make the library if it is not there, and search it in fresh processes."""
    if not (keep / CATALOG).exists():
        make(keep, rows)
    time_whole(keep)
    seconds = [time_whole(keep) for _ in range(runs)]
    click.echo(f"in all: median {statistics.median(seconds):.2f} s, least {min(seconds):.2f} s")
    observed = [time_stages(keep) for _ in range(runs)]
    for name in observed[0]:
        click.echo(f"{name}: {statistics.median(each[name] for each in observed):.0f} ms")


if __name__ == "__main__":
    run()
