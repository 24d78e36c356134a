"""Figures for Prometheus, read as Prometheus reads them."""

from __future__ import annotations

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from retrieval.library import Library
from tests.webui.conftest import app_of


def figures(client: FlaskClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = client.get("/metrics", headers={"Authorization": "Bearer t"}).text
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for s in samples}


def count(endpoint: str, status: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    labels = ("endpoint", endpoint), ("method", "GET"), ("status", str(status))
    return "triptych_request_seconds_count", labels


def test_requests_are_counted_by_what_answered_them(library: Library) -> None:
    client = app_of(library).test_client()
    for path in ("/api/v1/search?q=red", "/api/v1/search?q=blue", "/api/v1/search?k=x", "/none"):
        client.get(path)
    found = figures(client)
    assert found[count("api.search", 200)] == 2
    assert found[count("api.search", 400)] == 1
    assert found[count("none", 404)] == 1


def test_the_librarys_size_is_told(client: FlaskClient, library: Library) -> None:
    found = figures(client)
    info = library.info()
    assert found["triptych_items", (("kind", "image"),)] == info.by_kind["image"]
    assert found["triptych_passages", ()] == info.passages
    assert found["triptych_failures", ()] == 1


def test_made_up_methods_are_counted_as_one(library: Library) -> None:
    client = app_of(library).test_client()
    for number in range(5):
        client.open("/healthz", method=f"MADEUP{number}")
    found = figures(client)
    labels = ("endpoint", "none"), ("method", "other"), ("status", "405")
    assert found["triptych_request_seconds_count", labels] == 5
    assert not any("MADEUP" in str(labels) for _, labels in found)


def test_two_applications_count_for_themselves(library: Library) -> None:
    first, second = (app_of(library).test_client() for _ in range(2))
    first.get("/healthz")
    assert count("health.alive", 200) in figures(first)
    assert count("health.alive", 200) not in figures(second)


def test_figures_need_the_token_where_one_is_demanded(library: Library) -> None:
    client = app_of(library, token="t").test_client()
    assert client.get("/metrics").status_code == 401
    assert count("metrics.metrics", 401) in figures(client)
