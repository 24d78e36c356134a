"""Speed, start and memory of the built-in encoder, beside float32 weights and beside torch.

    python -m benchmarks.encoder --images PHOTOS --captions CAPTIONS.jsonl

Each variant runs in a process of its own, in turns, and the best turn counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import click

TURNS = 3
PHOTOS, CAPTIONS, SINGLES = 240, 600, 40


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process measured."""

    ready: float
    """Seconds from the first import to the first text's vector."""
    after_text: float
    """Megabytes resident then, at most."""
    pictures: float
    """A second, opening their files included."""
    captions: float
    one_text: float
    """Milliseconds."""
    one_picture: float
    after_all: float


HIGHER = {"pictures", "captions"}
"""Of which more is better."""


def measure(load: Callable[[], Any], images: Sequence[Path], texts: Sequence[str]) -> Figures:
    """Measure an encoder from its import on."""
    start = time.perf_counter()
    encoder = load()
    encoder.encode_texts(["a dog in the snow"])
    ready, after_text = time.perf_counter() - start, _resident()
    from PIL import Image

    def pictures() -> None:
        encoder.encode_images([Image.open(path) for path in images])

    small = Image.new("RGB", (640, 480), "teal")
    encoder.encode_images([small])
    return Figures(
        ready,
        after_text,
        len(images) / _seconds(pictures),
        len(texts) / _seconds(lambda: encoder.encode_texts(texts)),
        1000 * _seconds(lambda: encoder.encode_texts(["a dog in the snow"]), SINGLES),
        1000 * _seconds(lambda: encoder.encode_images([small]), SINGLES),
        _resident(),
    )


def _seconds(call: Callable[[], object], times: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def _resident() -> float:
    # Not ru_maxrss, in which a process starts with its parent's.
    [line] = [x for x in Path("/proc/self/status").read_text().splitlines() if x[:6] == "VmHWM:"]
    return int(line.split()[1]) / 1024


def _shipped(folder: Path | None = None) -> Any:
    from retrieval.encoders.builtin import FOLDER, BuiltinEncoder

    return BuiltinEncoder(folder or FOLDER)


def _torch() -> Any:
    from benchmarks.eager import Eager

    return Eager()


@click.command()
@click.option(
    "--images", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option(
    "--captions", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option("--variant", type=click.Choice(["shipped", "float32", "torch"]), hidden=True)
@click.option("--folder", type=click.Path(path_type=Path), hidden=True)
def main(images: Path, captions: Path, variant: str | None, folder: Path | None) -> None:
    """Print a table of all variants, and how much better the shipped one is."""
    if variant:
        loads = {"shipped": _shipped, "float32": lambda: _shipped(folder), "torch": _torch}
        click.echo(json.dumps(asdict(measure(loads[variant], *_material(images, captions)))))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            compare(images, captions, Path(scratch) / "float32")


def compare(images: Path, captions: Path, folder: Path) -> None:
    """Run all variants in turns and print the table."""
    from benchmarks.widened import widen_folder

    widen_folder(folder)
    arguments = ["--images", str(images), "--captions", str(captions), "--folder", str(folder)]
    names = ("shipped", "float32", "torch")
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for _ in range(TURNS):
        for name in names:
            found[name].append(_run(name, arguments))
    click.echo(f"{'':14}" + "".join(f"{name:>18}" for name in names))
    for field in fields(Figures):
        best = max if field.name in HIGHER else min
        values = [best(getattr(turn, field.name) for turn in found[name]) for name in names]
        ratios = [_ratio(field.name, values[0], value) for value in values]
        cells = [f"{v:10.2f} ({r:4.2f}x)" for v, r in zip(values, ratios, strict=True)]
        click.echo(f"{field.name:14}" + "".join(f"{cell:>18}" for cell in cells))


def _ratio(name: str, shipped: float, other: float) -> float:
    return shipped / other if name in HIGHER else other / shipped


def _run(variant: str, arguments: Sequence[str]) -> Figures:
    command = [sys.executable, "-m", "benchmarks.encoder", "--variant", variant, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Figures(**json.loads(done.stdout))


def _material(images: Path, captions: Path) -> tuple[list[Path], list[str]]:
    rows = [json.loads(line) for line in captions.read_text("utf-8").splitlines()]
    texts = [text for row in rows for text in row["en"]]
    return sorted(images.glob("*.jpg"))[:PHOTOS], texts[:CAPTIONS]


if __name__ == "__main__":
    main()
