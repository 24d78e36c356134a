"""Names of things as queries in a library of single things: whether what is good is that thing.

    python -m benchmarks.labels --photos ../shared/data/caltech101

Fifteen photos of each of a hundred classes compete, 1,000 or 100 of them at a time. Prints, at the
cut-off, for how many classes anything is good, which share of their photos is, which share of the
good ones is of the class, and for how many something is good where the class was taken out, or
that are off topic. ``--half`` names the classes that ask: the calibration was chosen on 0, and 1
is reported.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.mixed_ways import sample
from benchmarks.offtopic import ENGLISH
from retrieval.catalog.records import Ids
from retrieval.decode.pictures import open_picture
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.encoders.protocol import Vectors
from retrieval.media import GOOD, Kind
from retrieval.search.background import SAMPLE, draw_background
from retrieval.search.calibration import gather, score
from retrieval.vectors.block import Mask

BATCH = 16
SIZES = (100, 1000)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Which pictures of a library are good, and which of them are of the class asked for."""

    good: Mask
    right: Mask


@click.command()
@click.option("--photos", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--half", type=click.IntRange(0, 1), default=1)
def main(photos: Path, half: int) -> None:
    """Encode the photos and print a line for each size of library."""
    encoder = BuiltinEncoder()
    labels = json.loads((photos / "labels.json").read_text())
    pictures = encode([photos / "images" / each["image"] for each in labels], encoder)
    of = np.array([each["label"] for each in labels])
    names = sorted(set(of.tolist()))[half::2]
    queries = encoder.encode_texts([f"a {name.replace('_', ' ').lower()}" for name in names])
    strangers = encoder.encode_texts(ENGLISH[half])
    for size in SIZES:
        random = np.random.default_rng(size)
        there, gone, strange = [], [], []
        for query, name in zip(queries, names, strict=True):
            inside = draw(of, name, size, random)
            outside = random.choice(np.flatnonzero(of != name), size, replace=False)
            there.append(judge(query, pictures, of == name, inside, encoder))
            gone.append(judge(query, pictures, of == name, outside, encoder))
        for query in strangers:
            anything = random.choice(len(of), size, replace=False)
            strange.append(judge(query, pictures, of == "", anything, encoder))
        click.echo(f"{size:5} photos: {_line(there, gone, strange)}")


def encode(files: list[Path], encoder: BuiltinEncoder) -> Vectors:
    """Encode photos in batches."""
    starts = range(0, len(files), BATCH)
    batches = [[open_picture(file).image for file in files[i : i + BATCH]] for i in starts]
    return np.vstack([encoder.encode_images(batch) for batch in batches])


def draw(of: NDArray[np.str_], name: str, size: int, random: np.random.Generator) -> Ids:
    """Draw a library with as many of a class as there are of the others."""
    own = max(1, round(size * np.mean(of == name)))
    inside = random.choice(np.flatnonzero(of == name), own, replace=False)
    return np.append(inside, random.choice(np.flatnonzero(of != name), size - own, replace=False))


def judge(
    query: Vectors, pictures: Vectors, right: Mask, rows: Ids, encoder: BuiltinEncoder
) -> Verdict:
    """Search some of the pictures."""
    library, words, seen = pictures[rows], encoder.reference_texts(), encoder.reference_images()
    background = draw_background(seen, sample(library, SAMPLE), words, seen)
    deviations = background.deviations(query, library @ query, Kind.TEXT)
    order = np.argsort(-deviations)
    scores = score(deviations[order], gather(query, Kind.TEXT, [(background, len(rows))]))
    return Verdict(scores >= GOOD, right[rows][order])


def _line(there: list[Verdict], gone: list[Verdict], strange: list[Verdict]) -> str:
    found = np.mean([v.good[v.right].mean() for v in there])
    right = np.mean([v.right[v.good].mean() for v in there if v.good.any()])
    any_good = [np.mean([v.good.any() for v in part]) for part in (there, gone, strange)]
    parts = zip(
        ("something good", "of the class found", "of the good right", "class gone", "off topic"),
        (any_good[0], found, right, *any_good[1:]),
        strict=True,
    )
    return ", ".join(f"{name} {100 * value:.0f} %" for name, value in parts)


if __name__ == "__main__":
    main()
