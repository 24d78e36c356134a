"""Whether the cut-off knows a good answer from the nearest item, however many items compete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import click
import numpy as np

from benchmarks.mixed_library import SPOKEN, Asked, MixedLibrary, Rows
from benchmarks.mixed_ways import ONCE_GOOD, Stand, before, now, sample
from retrieval.encoders.protocol import Vectors
from retrieval.media import GOOD, Kind
from retrieval.search.background import SAMPLE
from retrieval.search.calibration import gather, score

SIZES = {20: (8, 4), 200: (85, 30), 2000: (850, 299)}
"""Items: of how many photos, each with its document, and how many of them have a recording."""

TRIALS = 100
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a library calls anything good, and whether that holds the right item."""

    before: bool
    now: bool
    right_before: bool
    right_now: bool


def report_cut(library: MixedLibrary, stands: Sequence[Stand], half: int) -> None:
    """Print for each size and sort of query how often something is above the cut-off."""
    click.echo("Queries with something above the cut-off, %, before > now")
    heads = "answer there", "and it is above", "answer taken out", "off topic"
    click.echo(" " * 31 + "".join(f"{head:>18}" for head in heads))
    asking = np.flatnonzero(library.halves[:SPOKEN] == half)
    for size in SIZES:
        for asked in library.asked:
            click.echo(f"{size:6} items, {asked.name:17}" + _row(size, asked, stands, asking))


def _row(size: int, asked: Asked, stands: Sequence[Stand], asking: Rows) -> str:
    random = np.random.default_rng(size)
    photos = random.choice(asking, TRIALS, replace=False)
    own = [(asked.vectors[photo], photo) for photo in photos]
    there = [judge(q, asked.modality, draw(size, stands, p, True, random), p) for q, p in own]
    gone = [judge(q, asked.modality, draw(size, stands, p, False, random), p) for q, p in own]
    strange = [
        judge(query, asked.modality, draw(size, stands, NOBODY, False, random), NOBODY)
        for query in np.resize(asked.strangers, (TRIALS, asked.strangers.shape[1]))
    ]
    cells = [
        _rates((v.before, v.now) for v in there),
        _rates((v.right_before, v.right_now) for v in there),
        _rates((v.before, v.now) for v in gone),
        _rates((v.before, v.now) for v in strange),
    ]
    return "".join(f"{cell:>18}" for cell in cells)


def draw(
    size: int, stands: Sequence[Stand], photo: int, with_it: bool, random: np.random.Generator
) -> list[Stand]:
    """Draw a library of a size at random, with or without what belongs to a photo."""
    photos, spoken = SIZES[size]
    every = np.arange(len(stands[0].part.photos))
    drawn = random.permutation(every[every != photo])
    told = drawn[drawn < SPOKEN][:spoken]
    silent = drawn[drawn >= SPOKEN][: photos - spoken]
    kept = np.concatenate([told, silent])
    if with_it:
        kept[0] = photo
    return [_narrow(of, kept) for of in stands]


def _narrow(of: Stand, photos: Rows) -> Stand:
    part = of.part.of(photos)
    return Stand(part, replace(of.background, own=sample(part.vectors, SAMPLE)))


def judge(query: Vectors, modality: Kind, stands: Sequence[Stand], photo: int) -> Verdict:
    """Search a library for what belongs to a photo; a photo does not answer itself."""
    answers = np.concatenate([of.part.photos for of in stands]) == photo
    if modality is Kind.IMAGE:
        itself = stands[0].part.photos == photo
        shown = np.concatenate([~itself, np.ones(len(answers) - len(itself), bool)])
    else:
        shown = np.ones(len(answers), bool)
    once = np.concatenate([before(query, modality, of) for of in stands])
    deviations = np.concatenate([now(query, modality, of) for of in stands])
    order = np.argsort(-deviations)
    order = order[shown[order]]
    crowd = gather(query, modality, [(of.background, len(of.part.photos)) for of in stands])
    good = score(deviations[order], crowd) >= GOOD
    return Verdict(
        bool(once[shown].max() >= ONCE_GOOD),
        bool(good.any()),
        bool(np.any(once[shown & answers] >= ONCE_GOOD)),
        bool(np.any(good & answers[order])),
    )


def _rates(pairs: Iterable[tuple[bool, bool]]) -> str:
    once, today = 100 * np.mean(list(pairs), axis=0)
    return f"{once:.0f} > {today:.0f}"
