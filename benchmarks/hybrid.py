"""What words add to vectors: ways of joining two rankings, side by side on the same queries.

    python -m benchmarks.hybrid --captions CAPTIONS.jsonl --images PHOTOS --speech FOLDER

Documents are two captions of each photo in each language and the transcripts; beside them stand
photos none of whose captions is a document. nDCG@10 by what is asked: another caption, the two
rarest words of a document, these and a word of another, four words (five characters) in a row,
or, for photos, a caption. Every way sees the same vectors, judged against the same backgrounds.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.asked import Asked, Material, collect
from benchmarks.kept import Kept
from retrieval.catalog.records import FoundFile, NewContent
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.encoders.registry import load_encoder
from retrieval.library import Library
from retrieval.media import Content, Kind, Passage
from retrieval.search.background import draw_background
from retrieval.search.candidates import Ranking
from retrieval.search.fusion import BONUS, bonus, telling

Scores = NDArray[np.float64]
DEEP = 200
"""Ranks by words that count in reciprocal rank fusion."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to rank by: for every content, photos after documents."""

    deviations: Scores
    shares: Scores
    bonus: Scores


def reciprocal(evidence: Evidence, weight: float, constant: float = 60) -> Scores:
    """Fuse by reciprocal rank (Cormack, Clarke and Büttcher, SIGIR 2009)."""
    by_words = _ranks(evidence.shares, evidence.deviations)
    said = (evidence.shares > 0) & (by_words <= DEEP)
    by_vector = _ranks(evidence.deviations, evidence.deviations)
    return 1 / (constant + by_vector) + said * weight / (constant + by_words)


WAYS: dict[str, Callable[[Evidence], Scores]] = {
    "vectors": lambda e: e.deviations,
    "words": lambda e: e.shares,
    "reciprocal rank": lambda e: reciprocal(e, 1),
    "  … words at half": lambda e: reciprocal(e, 0.5),
    "  … constant 5": lambda e: reciprocal(e, 1, 5),
    "bonus (as shipped)": lambda e: e.deviations + e.bonus,
    "  … linear in share": lambda e: e.deviations + BONUS * e.shares,
    "  … two thirds": lambda e: e.deviations + e.bonus * 2 / 3,
    "  … four thirds": lambda e: e.deviations + e.bonus * 4 / 3,
}


@click.command()
@click.option("--captions", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--images", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--speech", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--split", default="dev", show_default=True)
@click.option("--count", default=500, show_default=True, help="Photos whose captions are read.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Where vectors are kept for next time."
)
def main(
    captions: Path, images: Path, speech: Path, split: str, count: int, keep: Path | None
) -> None:
    """Print nDCG@10 of each way, by what is asked."""
    material = collect(captions, images, speech, split, count)
    encoder = load_encoder("builtin")
    kept = Kept(encoder, keep)
    texts = kept.texts([*material.documents, *(asked.query for asked in material.asked)])
    documents = texts[: len(material.documents)]
    photos = kept.photos(material.photos)
    found: dict[str, dict[str, list[float]]] = {way: defaultdict(list) for way in WAYS}
    with (
        tempfile.TemporaryDirectory() as folder,
        _shelve(Path(folder), material, encoder) as library,
    ):
        judge = _judge(library, encoder, documents, photos)
        for asked, vector in zip(material.asked, texts[len(documents) :], strict=True):
            evidence = judge(asked, vector)
            for way, fuse in WAYS.items():
                ordered = np.lexsort((-evidence.deviations, -fuse(evidence)))
                found[way][asked.group].append(_ndcg(ordered, asked.right))
    _print(found)


def _judge(
    library: Library, encoder: Encoder, documents: Vectors, photos: Vectors
) -> Callable[[Asked, Vectors], Evidence]:
    words, pictures = encoder.reference_texts(), encoder.reference_images()
    of_texts = draw_background(words, documents, words, pictures)
    of_photos = draw_background(pictures, photos, words, pictures)
    passages = np.arange(1, len(documents) + len(photos) + 1)

    def judge(asked: Asked, vector: Vectors) -> Evidence:
        deviations = np.concatenate(
            [
                of_texts.deviations(vector, documents @ vector, Kind.TEXT),
                of_photos.deviations(vector, photos @ vector, Kind.TEXT),
            ]
        )
        matches = library.catalog.words.matching(asked.query)
        # Every content has one passage, written in this order into an empty catalog.
        ranking = Ranking(passages, passages, deviations.astype(np.float32), deviations)
        raised = bonus(ranking, telling(matches))
        return Evidence(deviations, matches.passages.of(passages), raised)

    return judge


def _shelve(folder: Path, material: Material, encoder: Encoder) -> Library:
    """Write what the words are looked up in; its vectors are never asked for."""
    library = Library.open(folder / "library", encoder)
    nothing = np.zeros((1, encoder.dim), np.float32)
    passages = [Passage(Kind.TEXT, text) for text in material.documents]
    passages += [Passage(Kind.IMAGE) for _ in material.photos]
    with library.write() as writer:
        batch = [
            NewContent(FoundFile(f"{number}", 1, 0), _content(number, passage), (passage,), nothing)
            for number, passage in enumerate(passages)
        ]
        writer.add(writer.root(folder), batch)
    return library


def _content(number: int, passage: Passage) -> Content:
    return Content(sha256(str(number).encode()).hexdigest(), passage.kind, "x/y", 1)


def _ranks(scores: Scores, ties: Scores) -> Scores:
    ranks = np.empty(len(scores))
    ranks[np.lexsort((-ties, -scores))] = np.arange(1, len(scores) + 1)
    return ranks


def _ndcg(ordered: NDArray[np.int64], right: frozenset[int]) -> float:
    gains = 1 / np.log2(np.arange(2, 12))
    hits = np.isin(ordered[:10], list(right))
    return float(gains[: len(hits)][hits].sum() / gains[: min(10, len(right))].sum())


def _print(found: dict[str, dict[str, list[float]]]) -> None:
    groups = sorted(next(iter(found.values())))
    for group in groups:
        click.echo(f"{group}: {len(found['vectors'][group])} queries")
    click.echo(f"{'':20}" + "".join(f"{group:>19}" for group in groups) + f"{'mean':>8}")
    for way, by_group in found.items():
        means = [float(np.mean(by_group[group])) for group in groups]
        cells = "".join(f"{mean:19.3f}" for mean in means)
        click.echo(f"{way:20}{cells}{np.mean(means):8.3f}")


if __name__ == "__main__":
    main()
