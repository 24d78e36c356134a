"""Settings come from the environment, and what is no good there is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.environment import read_environment
from retrieval.errors import InvalidQuery
from retrieval.settings import Settings, settings


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_variable_becomes_a_value_of_its_settings_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_LIBRARY", "/photos")
    monkeypatch.setenv("TRIPTYCH_PRECISION", "bf16")
    monkeypatch.setenv("TRIPTYCH_MAX_SECONDS", "1.5")
    found = settings()
    assert (found.library, found.precision) == (Path("/photos"), "bf16")
    assert (found.max_seconds, found.gpu) == (1.5, "auto")


def test_case_makes_no_difference_to_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("triptych_threads", "3")
    assert settings().threads == 3


def test_an_environment_that_sets_nothing_leaves_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.upper().startswith("TRIPTYCH_")]:
        monkeypatch.delenv(name)
    assert settings() == Settings() == read_environment()


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("TRIPTYCH_THREADS", "many", "valid integer"),
        ("TRIPTYCH_THREADS", "-1", "greater than or equal to 0"),
        ("TRIPTYCH_MAX_SECONDS", "0", "greater than 0"),
        ("TRIPTYCH_PRECISION", "fp8", "'auto', 'fp32' or 'bf16'"),
        ("TRIPTYCH_GPU", "yes", "'auto' or 'off'"),
    ],
)
def test_what_cannot_be_used_is_named(
    variable: str, text: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(InvalidQuery, match=f"{variable}: .*{says}"):
        settings()
