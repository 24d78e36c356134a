"""The map of a library: how well it keeps neighbours, beside PCA, and how long drawing it takes.

    python -m benchmarks.map --vectors DATA/clip-vectors --photos DATA/caltech101

Prints, for real CLIP vectors of 1,000 photos and for labelled photos by the built-in encoder, which
share of a photo's ten nearest are among its ten nearest on the map and, of the labelled ones, which
share of these have its label. The rest of a library is placed by a sample of it: measured with half
the photos as the sample. Then libraries of synthetic vectors are drawn.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.labels import encode
from benchmarks.library import Recorded, fill
from benchmarks.synthetic import Shape, read_shape
from retrieval.catalog.records import Ids
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.encoders.protocol import Vectors
from retrieval.library import CATALOG, Library
from retrieval.map.arranging import arrange
from retrieval.map.drawing import SEED, draw_library, lay_out_vectors, place
from retrieval.map.layout import Places, first_places
from retrieval.map.neighbours import find_neighbours

TEN = 10


@click.command()
@click.option("--vectors", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--photos", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--rows", type=int, multiple=True, default=(10_000, 100_000), show_default=True)
def main(vectors: Path, photos: Path, rows: tuple[int, ...]) -> None:
    """Print a line for each map."""
    shape = read_shape(vectors)
    report("1,000 photos of Flickr8k, CLIP ViT-B/32", shape.pictures)
    labels = json.loads((photos / "labels.json").read_text())
    seen = encode([photos / "images" / each["image"] for each in labels], BuiltinEncoder())
    of = np.array([each["label"] for each in labels])
    report(f"{len(seen)} photos of Caltech101, built-in encoder", seen, of)
    for count in rows:
        click.echo(f"{count} synthetic pictures: drawn in {seconds_to_draw(shape, count):.1f} s")


def report(name: str, vectors: Vectors, labels: NDArray[np.str_] | None = None) -> None:
    """Compare ways to put vectors on a map."""
    middle = vectors.mean(0)
    apart = vectors - middle
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    ways = {
        "PCA": first_places(apart),
        "map": arrange(lay_out_vectors(apart)),
        "half placed": arrange(halved(apart)),
    }
    near = find_neighbours(vectors, TEN).rows
    click.echo(name)
    if labels is not None:
        click.echo(f"  {'vectors':12} of its label {alike(near, labels):.3f}")
    for way, places in ways.items():
        there = nearest_on(places)
        told = "" if labels is None else f", of its label {alike(there, labels):.3f}"
        click.echo(f"  {way:12} kept {kept(near, there):.3f}{told}")


def halved(vectors: Vectors) -> Places:
    """Lay out every other vector, and place the rest by these."""
    places = np.empty((len(vectors), 2), np.float32)
    places[::2] = lay_out_vectors(vectors[::2])
    random = np.random.default_rng(SEED)
    places[1::2] = place(vectors[1::2], vectors[::2], places[::2], random)
    return places


def nearest_on(places: Places) -> Ids:
    """Find the ten points nearest to each, [n, 10]."""
    index = faiss.IndexFlatL2(2)
    index.add(places)
    rows = index.search(places, TEN + 1)[1]
    itself = rows == np.arange(len(rows))[:, None]
    itself[~itself.any(1), -1] = True
    nearest: Ids = rows[~itself].reshape(len(rows), TEN)
    return nearest


def kept(near: Ids, there: Ids) -> float:
    """Give the share of neighbours that are neighbours there, too."""
    return float(np.mean((near[:, :, None] == there[:, None]).any(2)))


def alike(there: Ids, labels: NDArray[np.str_]) -> float:
    """Give the share of neighbours that have the label of what they are neighbours of."""
    return float(np.mean(labels[there] == labels[:, None]))


def seconds_to_draw(shape: Shape, count: int) -> float:
    """Make a library of synthetic pictures and draw its map, reading it from the disk."""
    with TemporaryDirectory() as folder:
        with Library.open(Path(folder), Recorded(shape)) as library:
            fill(library, shape, count)
        began = time.perf_counter()
        draw_library(Path(folder) / CATALOG)
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
