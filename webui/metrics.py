"""Figures for Prometheus at ``/metrics``: requests by what answered them, and the library's size.

Every application counts for itself. Requests are told apart by endpoint, of which there are few,
never by address.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from webui.journal import known_method

if TYPE_CHECKING:
    from retrieval.library import Library

METRICS = "triptych metrics"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

blueprint = Blueprint("metrics", __name__)


class Holdings(Collector):
    """What the library holds, counted when it is asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count items, passages and failures."""
        counts = self._library.catalog.census.counts()
        items = GaugeMetricFamily("triptych_items", "Files that can be found.", labels=["kind"])
        for kind, count in counts.by_kind.items():
            items.add_metric([kind], count)
        yield items
        yield GaugeMetricFamily("triptych_passages", "What may answer.", counts.passages)
        failures = len(self._library.catalog.census.failures())
        yield GaugeMetricFamily("triptych_failures", "Files that could not be read.", failures)


def install(app: Flask, library: Library) -> None:
    """Count the requests of an application."""
    registry = CollectorRegistry()
    registry.register(Holdings(library))
    ProcessCollector(registry=registry)
    seconds = Histogram(
        "triptych_request_seconds",
        "Time to answer a request.",
        ("endpoint", "method", "status"),
        registry=registry,
        buckets=SECONDS,
    )

    def observe(response: Response) -> Response:
        labels = request.endpoint or "none", known_method(), str(response.status_code)
        seconds.labels(*labels).observe(time.perf_counter() - g.began)
        return response

    app.extensions[METRICS] = registry
    app.after_request(observe)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give all figures in Prometheus's own form."""
    registry = cast("CollectorRegistry", current_app.extensions[METRICS])
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
