"""How figures look as JSON.

One encoder on one field is ``{"text_to_image", "image_to_text", "text_to_text", "images",
"captions", "encoder", "bootstrap"}``; a ranking holds its figures as plain numbers, and beside
them ``queries`` and every figure's ``interval``. Several encoders or fields are ``{"encoders":
[{"encoder", "fields": {KEY: as above}, "across": {KEY: {KEY: ranking}}, "difference_to_first"}],
"bootstrap"}``; the difference, of the second encoder on, is its figures minus the first one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from retrieval.evaluation.bootstrap import DRAWS, LEVEL, SEED, Estimate, Quality, difference
from retrieval.evaluation.measure import Across, Evaluation, Measured

Body = dict[str, Any]


def body(measured: Sequence[Measured]) -> Body:
    """Give what ``triptych evaluate --json`` prints."""
    bootstrap = {"level": LEVEL, "draws": DRAWS, "seed": SEED}
    first = measured[0]
    if len(measured) == len(first.evaluations) == 1:
        [evaluation] = first.evaluations
        return {**_fields(evaluation), "encoder": asdict(first.model), "bootstrap": bootstrap}
    runs = [_run(run) for run in measured]
    for run, other in zip(runs[1:], measured[1:], strict=True):
        run["difference_to_first"] = _difference(first, other)
    return {"encoders": runs, "bootstrap": bootstrap}


def _run(run: Measured) -> Body:
    return {
        "encoder": asdict(run.model),
        "fields": {evaluation.key: _fields(evaluation) for evaluation in run.evaluations},
        "across": _across([(pair, _quality(pair.quality)) for pair in run.across]),
    }


def _fields(evaluation: Evaluation) -> Body:
    rankings = {
        name: ranking and _quality(ranking) for name, ranking in evaluation.directions().items()
    }
    return {**rankings, "images": evaluation.images, "captions": evaluation.captions}


def _across(pairs: Sequence[tuple[Across, Body]]) -> Body:
    nested: Body = {}
    for pair, figures in pairs:
        nested.setdefault(pair.asking, {})[pair.answering] = figures
    return nested


def _quality(quality: Quality) -> Body:
    return {**_estimate(quality.estimate), "queries": len(quality.outcomes.ranks)}


def _estimate(estimate: Estimate) -> Body:
    low, high = estimate.low.named(), estimate.high.named()
    return {**estimate.figures.named(), "interval": {name: [low[name], high[name]] for name in low}}


def _difference(first: Measured, other: Measured) -> Body:
    pairs = zip(first.evaluations, other.evaluations, strict=True)
    across = zip(first.across, other.across, strict=True)
    return {
        "fields": {one.key: _directions(one, two) for one, two in pairs},
        "across": _across([(a, _estimate(difference(a.quality, b.quality))) for a, b in across]),
    }


def _directions(one: Evaluation, two: Evaluation) -> Body:
    return {
        name: _estimate(difference(ranking, other)) if ranking and other else None
        for (name, ranking), other in zip(
            one.directions().items(), two.directions().values(), strict=True
        )
    }
