"""Whether an explanation points at what it should, and what it costs.

    python -m benchmarks.pointing --images PHOTOS --captions CAPTIONS.jsonl

Pictures: four photos in a square, the query a caption of one; the hottest region should lie in that
photo's quarter (by chance: 25 %), and so should the heat; where no region stands out it points
nowhere, which counts as wrong. Texts: captions of five photos in a row, the query another caption
of one; the best sentence should be its own (by chance: 20 %). Captions in other languages ask the
same pictures and English texts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from PIL import Image

from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.encoders.protocol import Encoder
from retrieval.evaluation.captioned import read_rows
from retrieval.explain.regions import CELLS, explain_picture
from retrieval.explain.spans import explain_text

SIDE = 256
HALF = CELLS // 2
QUARTERS, SENTENCES = 4, 5


@dataclass(frozen=True, slots=True)
class Round:
    """What one explanation came to."""

    points: bool
    """Whether anything stands out."""
    right: bool
    inside: float
    """The share of the weight that lies where it belongs."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and its captions by language."""

    file: Path
    captions: dict[str, list[str]]


def point_at_quarter(photos: list[Photo], asked: int, query: str, encoder: Encoder) -> Round:
    """Explain a square of four photos to a caption of the one asked for."""
    square = Image.new("RGB", (2 * SIDE, 2 * SIDE))
    for i, photo in enumerate(photos):
        part = Image.open(photo.file).convert("RGB").resize((SIDE, SIDE))
        square.paste(part, (i % 2 * SIDE, i // 2 * SIDE))
    vector = encoder.encode_texts([query])[0]
    began = time.perf_counter()
    heat = explain_picture(square, vector, encoder).heat
    seconds = time.perf_counter() - began
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    right = 2 * (row // HALF) + column // HALF == asked
    quarters = heat.reshape(2, HALF, 2, HALF).sum(axis=(1, 3)).ravel()
    return _round(quarters, asked, right, seconds)


def point_at_sentence(photos: list[Photo], asked: int, query: str, encoder: Encoder) -> Round:
    """Explain a text of the photos' first captions to another caption of the one asked for."""
    sentences = [photo.captions["en"][0].strip(" .") + "." for photo in photos]
    vector = encoder.encode_texts([query])[0]
    began = time.perf_counter()
    spans = explain_text(" ".join(sentences), vector, encoder)
    seconds = time.perf_counter() - began
    weights = np.array([span.weight for span in spans.sentences])
    return _round(weights, asked, weights[asked] == 1, seconds)


def _round(weights: np.ndarray, asked: int, right: bool, seconds: float) -> Round:
    total = float(weights.sum())
    points = total > 0
    share = float(weights[asked]) / total if points else 0.0
    return Round(points, points and bool(right), share, seconds)


def show(rounds: list[Round]) -> str:
    """Show the shares in per cent, one with its standard error, and the median time."""
    right, points = (np.mean([getattr(r, name) for r in rounds]) for name in ("right", "points"))
    error = (right * (1 - right) / len(rounds)) ** 0.5
    inside = np.mean([r.inside for r in rounds if r.points])
    seconds = np.median([r.seconds for r in rounds])
    shares = f"{100 * right:6.0f} ± {100 * error:.0f} %{100 * points:9.0f} %{100 * inside:12.0f} %"
    return f"{shares}{seconds:10.2f} s   n = {len(rounds)}"


@click.command()
@click.option("--images", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--captions", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--languages", default="en,zh", show_default=True)
@click.option("--split", default="dev", show_default=True)
@click.option("--rounds", default=100, show_default=True)
def main(images: Path, captions: Path, languages: str, split: str, rounds: int) -> None:
    """Print how often explanations point right, and their median time."""
    encoder = BuiltinEncoder()
    rows = [row for _, row in read_rows(captions, "captions") if row.get("split") == split]
    fields = languages.split(",")
    photos = [Photo(images / r["image"], {name: r[name] for name in fields}) for r in rows]
    click.echo(f"{'':14}{'points right':>12}{'points':>11}{'weight inside':>14}{'median':>12}")
    for sort, explain, parts in (
        ("picture", point_at_quarter, QUARTERS),
        ("text", point_at_sentence, SENTENCES),
    ):
        for language in fields:
            # The same pictures and texts in every language.
            chance = np.random.default_rng(0)
            done = []
            for _ in range(rounds):
                chosen = [photos[i] for i in chance.choice(len(photos), parts, replace=False)]
                asked = int(chance.integers(parts))
                query = chosen[asked].captions[language][3]
                done.append(explain(chosen, asked, query, encoder))
            click.echo(f"{sort + ', ' + language:14}{show(done)}")


if __name__ == "__main__":
    main()
