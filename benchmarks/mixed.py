"""One list of photos, documents and recordings: how well it is mixed, and where it is cut off.

    python -m benchmarks.mixed --data DATA --cache FOLDER

Prints nDCG@10 (by trec_eval) of the mixed list and the kinds' shares of its first ten, beside lists
of raw cosines, of the kinds in turn, and as they were scored before; then how often anything is
called good, with and without an answer in the library. ``--half`` names the half of the photos
that ask: the calibration was chosen on 0, and 1 is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import pytrec_eval

from benchmarks.mixed_cut import report_cut
from benchmarks.mixed_library import Asked, MixedLibrary, Rows, build
from benchmarks.mixed_ways import WAYS, Fuse, Stand, cosine, stand
from retrieval.encoders.builtin import BuiltinEncoder
from retrieval.media import Kind
from retrieval.search.background import Floats
from retrieval.speech.whisper import WhisperTranscriber

DEEP = 10
MEASURE = f"ndcg_cut_{DEEP}"


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--cache", type=click.Path(path_type=Path), required=True)
@click.option("--half", type=click.IntRange(0, 1), default=1)
def main(data: Path, cache: Path, half: int) -> None:
    """Encode the library, or take it from the cache, and print both reports."""
    encoder = BuiltinEncoder()
    library = build(data, cache, half, encoder, WhisperTranscriber("base"))
    stands = [stand(part, encoder) for part in library.parts]
    report_order(library, stands, half)
    report_cut(library, stands, half)


def report_order(library: MixedLibrary, stands: Sequence[Stand], half: int) -> None:
    """Print nDCG of every way to fuse, and of each kind alone."""
    asking = np.flatnonzero(library.halves == half)
    click.echo(f"nDCG@{DEEP} of {len(asking)} queries each; shares of photos/documents/recordings")
    for asked in library.asked:
        cells = []
        for name, fuse in WAYS.items():
            value, shares = measure_order(asked, stands, asking, fuse)
            cells.append(f"{name} {value:.3f} ({'/'.join(f'{100 * s:.0f}' for s in shares)})")
        for alone in stands:
            if not alone.part.kind is asked.modality is Kind.IMAGE:
                had = asking[np.isin(asking, alone.part.photos)]
                value, _ = measure_order(asked, [alone], had, cosine)
                cells.append(f"{alone.part.kind.value} alone {value:.3f}")
        click.echo(f"  {asked.name:17}" + "  ".join(cells))


def measure_order(
    asked: Asked, stands: Sequence[Stand], asking: Rows, fuse: Fuse
) -> tuple[float, Floats]:
    """Give the mean nDCG@10 and what share of the first ten each kind has."""
    photos = np.concatenate([each.part.photos for each in stands])
    kinds = np.repeat(np.arange(len(stands)), [len(each.part.photos) for each in stands])
    seen = np.array([each.part.kind is asked.modality is Kind.IMAGE for each in stands])[kinds]
    right: dict[str, dict[str, int]] = {}
    found: dict[str, dict[str, float]] = {}
    tops = []
    for photo in asking:
        query = asked.vectors[photo]
        values = [fuse(query, asked.modality, each) for each in stands]
        order = np.argsort(-np.concatenate(values), kind="stable")
        itself = seen & (photos == photo)
        order = order[~itself[order]]
        related = np.flatnonzero((photos == photo) & ~itself)
        tops.append(kinds[order[:DEEP]])
        right[str(photo)] = {str(item): 1 for item in related}
        found[str(photo)] = {str(item): 1 / rank for rank, item in enumerate(order[:DEEP], 1)}
    measured = pytrec_eval.RelevanceEvaluator(right, {MEASURE}).evaluate(found)
    shares = np.bincount(np.concatenate(tops), minlength=len(stands)) / sum(map(len, tops))
    return float(np.mean([of[MEASURE] for of in measured.values()])), shares


if __name__ == "__main__":
    main()
