"""Whether an explanation points at what it should, and what it costs.

    python -m benchmarks.pointing --images PHOTOS --captions CAPTIONS.jsonl

Pictures: four photos in a square, the query a caption of one; the hottest region should lie in that
photo's quarter (by chance: 25 %), and so should the heat. Texts: captions of five photos in a row,
the query another caption of one; the best sentence should be its own (by chance: 20 %). Captions
in other languages ask the same pictures and English texts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
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
class Tally:
    """What explanations of one sort came to."""

    right: list[bool] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    """The share of a picture's heat in the quarter it belongs in."""
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """Show the shares in per cent, with the standard error, and the median time."""
        share, count = float(np.mean(self.right)), len(self.right)
        error = (share * (1 - share) / count) ** 0.5
        heat = f"{100 * np.mean(self.inside):10.0f} %" if self.inside else f"{'–':>12}"
        right = f"{100 * share:6.0f} ± {100 * error:.0f} %"
        return f"{right} {heat} {np.median(self.seconds):10.2f} s   n = {count}"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and its captions by language."""

    file: Path
    captions: dict[str, list[str]]


def point_at_quarter(photos: list[Photo], asked: int, query: str, encoder: Encoder) -> Tally:
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
    quarters = heat.reshape(2, HALF, 2, HALF).sum(axis=(1, 3)).ravel()
    share = float(quarters[asked] / max(quarters.sum(), 1e-9))
    return Tally([2 * (row // HALF) + column // HALF == asked], [share], [seconds])


def point_at_sentence(photos: list[Photo], asked: int, query: str, encoder: Encoder) -> Tally:
    """Explain a text of the photos' first captions to another caption of the one asked for."""
    sentences = [photo.captions["en"][0].strip(" .") + "." for photo in photos]
    vector = encoder.encode_texts([query])[0]
    began = time.perf_counter()
    spans = explain_text(" ".join(sentences), vector, encoder)
    seconds = time.perf_counter() - began
    weights = [span.weight for span in spans.sentences]
    return Tally([len(weights) == len(photos) and weights[asked] == 1], [], [seconds])


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
    click.echo(f"{'':18}{'points right':>13} {'heat inside':>12} {'a query':>12}")
    for sort, explain, parts in (
        ("picture", point_at_quarter, QUARTERS),
        ("text", point_at_sentence, SENTENCES),
    ):
        for language in fields:
            # The same pictures and texts in every language.
            chance, total = np.random.default_rng(0), Tally()
            for _ in range(rounds):
                chosen = [photos[i] for i in chance.choice(len(photos), parts, replace=False)]
                asked = int(chance.integers(parts))
                one = explain(chosen, asked, chosen[asked].captions[language][3], encoder)
                total.right.extend(one.right)
                total.inside.extend(one.inside)
                total.seconds.extend(one.seconds)
            click.echo(f"{sort + ', ' + language:18}{total}")


if __name__ == "__main__":
    main()
