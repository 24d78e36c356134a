"""Every answer keeps what the API's document promises, whatever is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, CheckFunction, GenerationMode, Response
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.webui.conftest import app_of
from webui.app import create_app
from webui.reference.document import describe

EXAMPLES = 15
PATIENT = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# The document speaks of addresses, not of what lies in a library.
schema = schemathesis.openapi.from_dict(describe(create_app(cast("Library", None))))


BEYOND_ITS_SHAPE = re.compile(
    "say what to look for|needs a text|things to look for|terms: List should have at most 16|"
    "cancel out|local calendar|base64|Invalid JSON|vector: it has|vector: it needs|"
    "in no folder that was indexed"
)
"""What may be wrong with a query that is well formed."""


def whole(app: Flask) -> Callable[..., list[bytes]]:
    """Read each reply to its end, so that no file stays open."""

    def answer(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        with closing(app(environ, start)) as parts:
            return [b"".join(parts)]

    return answer


def is_form(case: Case) -> bool:
    return (case.media_type or "").startswith("multipart/")


def excluded(case: Case) -> list[CheckFunction]:
    # Of a form everything is text, so that no value in it is of a wrong type.
    return [positive_data_acceptance, *([negative_data_rejection] if is_form(case) else [])]


PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def app(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Serve a library of its own, since whatever can be asked may also be to forget items."""
    with Library.open(
        tmp_path_factory.mktemp("asked"), FakeEncoder(), FakeTranscriber()
    ) as library:
        index(library, [folder], transcriber=FakeTranscriber())
        yield app_of(library)


@schema.parametrize()
@PATIENT
def test_every_answer_keeps_the_promise(case: Case, app: Flask) -> None:
    reply = case.call_and_validate(app=whole(app), headers=PLAIN, excluded_checks=excluded(case))
    if reply.status_code == 400 and case.meta.generation.mode is GenerationMode.POSITIVE:
        assert BEYOND_ITS_SHAPE.search(reply.json()["error"]), reply.text


def test_what_was_found_can_be_asked_for(app: Flask) -> None:
    followed = Counter[int]()

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case) -> dict[str, object]:
            return {"app": whole(app), "headers": PLAIN}

        def validate_response(self, response: Response, case: Case, **_: object) -> None:
            case.validate_response(response, excluded_checks=excluded(case))
            if "item_id" in case.path_parameters:
                followed[response.status_code] += 1

    run_state_machine_as_test(
        Walk, settings=settings(PATIENT, max_examples=60, stateful_step_count=6)
    )
    assert followed[200] > 0, followed
