"""Figures as text: a row a figure, a column an encoder, each value with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from cli.rankings import Ranking, cells, sections
from retrieval.evaluation.measure import Measured

FIRST = 14
"""The width of the figures' names."""


def side_by_side(measured: Sequence[Measured]) -> str:
    """Lay out every ranking of every encoder."""
    names = [run.model.name for run in measured]
    blocks = []
    for section in sections(measured):
        blocks.append(f"{section.title}: {section.size}")
        blocks += ["\n".join(_rows(ranking, names)) for ranking in section.rankings]
    return "\n\n".join(blocks)


def _rows(ranking: Ranking, names: Sequence[str]) -> list[str]:
    columns = [
        [name, *(f"{cell.value} ({cell.interval})" for cell in cells(quality.estimate))]
        for name, quality in zip(names, ranking.qualities, strict=True)
    ]
    figures = [cell.name for cell in cells(ranking.qualities[0].estimate)]
    return [
        _line(row) for row in zip([ranking.name, *figures], *map(_padded, columns), strict=True)
    ]


def _padded(column: Sequence[str]) -> list[str]:
    return [text.ljust(max(map(len, column))) for text in column]


def _line(row: Sequence[str]) -> str:
    return "  ".join([row[0].ljust(FIRST), *row[1:]]).rstrip()
