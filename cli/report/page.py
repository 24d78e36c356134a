"""Turns what was measured into one HTML file with its styles, plots and pictures inside."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.rankings import Cell, Ranking, Section, cells, sections
from cli.report import plots
from retrieval.decode.pictures import open_picture
from retrieval.durable import replacing
from retrieval.evaluation import bootstrap
from retrieval.evaluation.bootstrap import difference
from retrieval.evaluation.measure import Measured
from retrieval.evaluation.misses import Miss

THUMBNAIL = 288
"""The longer side of an embedded picture, in pixels: twice what it is shown at."""


@dataclass(frozen=True, slots=True)
class Row:
    """An encoder's figures, or how they differ from the first encoder's."""

    encoder: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One ranking: its figures and its plots."""

    name: str
    rows: tuple[Row, ...]
    differences: tuple[Row, ...]
    recall: plots.Plot
    ranks: plots.Plot


@dataclass(frozen=True, slots=True)
class Misses:
    """The worst misses of one encoder on one field."""

    encoder: int
    key: str
    worst: tuple[Miss, ...]


def write_page(target: Path, file: str, folder: Path, measured: Sequence[Measured]) -> None:
    """Write the report on the captions of ``file`` and the photos of ``folder``."""
    page = render(file, folder, measured)
    with replacing(target.absolute()) as temporary:
        temporary.write_text(page, "utf-8")


def render(file: str, folder: Path, measured: Sequence[Measured]) -> str:
    """Give the page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        file=file,
        now=datetime.now().astimezone(),
        models=[run.model for run in measured],
        sections=[(section, _shown(section)) for section in sections(measured)],
        misses=_misses(measured),
        thumbnail=_thumbnails(folder),
        plot=plots,
        bootstrap=bootstrap,
    )


def _shown(section: Section) -> list[Shown]:
    return [
        Shown(
            ranking.name,
            tuple(Row(i, tuple(cells(q.estimate))) for i, q in enumerate(ranking.qualities)),
            _differences(ranking),
            plots.recall_curves(ranking.qualities),
            plots.rank_histogram(ranking.qualities),
        )
        for ranking in section.rankings
    ]


def _differences(ranking: Ranking) -> tuple[Row, ...]:
    first, *others = ranking.qualities
    return tuple(
        Row(i, tuple(cells(difference(first, other), signed=True)))
        for i, other in enumerate(others, 1)
    )


def _misses(measured: Sequence[Measured]) -> list[Misses]:
    return [
        Misses(i, evaluation.key, evaluation.misses)
        for i, run in enumerate(measured)
        for evaluation in run.evaluations
    ]


def _thumbnails(folder: Path) -> Callable[[str], str]:
    """Give a function that reads a photo, once, as the address of a small JPEG in itself."""

    @cache
    def thumbnail(photo: str) -> str:
        small = open_picture(folder / photo).image
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        stream = BytesIO()
        small.save(stream, "JPEG", quality=70, optimize=True)
        return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"

    return thumbnail
