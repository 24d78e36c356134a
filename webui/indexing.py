"""Runs of the indexer over HTTP: begin one, watch it, stop it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated, Literal, Self, cast

from flask import Blueprint, Flask, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field
from werkzeug.exceptions import ServiceUnavailable

from retrieval.info_body import FailureBody
from retrieval.library import Library
from retrieval.request import naming_faults
from retrieval.request_terms import Request
from retrieval.search.restrictions import LONGEST_FOLDER
from webui.jobs import Indexer, Job, Jobs, State
from webui.request_query import json_of
from webui.translation import reader_language, translate, translate_reasons

JOBS = "triptych jobs"
WATCHING = BoundedSemaphore(8)
"""Streams at once; each takes a thread of the server."""
PAUSE = 0.5
"""Seconds between two events of a stream."""

blueprint = Blueprint("indexing", __name__, url_prefix="/api/v1/jobs")


class JobBody(Request):
    """What to index."""

    folder: Annotated[str, Field(max_length=LONGEST_FOLDER)] = ""
    """A folder in one that was indexed before, by its whole path; empty for all of them."""


class JobReply(BaseModel):
    """A run of the indexer."""

    ok: Literal[True] = True
    """Always true."""
    job: int
    """The number of the run."""
    state: State
    """`running`, `done`, `stopped` or `failed`."""
    folders: list[str]
    """What is indexed."""
    began: datetime
    """When it began."""
    steps: int
    """Files that are known to be new or changed so far."""
    done: int
    """Those of them that are over, whatever came of them."""
    notes: list[str]
    """What may take a while, or is worth a line; the last ones."""
    added: int
    """Files whose content was encoded; known at the end, as what follows."""
    reused: int
    """Files that were new or changed, with a content that was known."""
    unchanged: int
    """Files that were not opened."""
    removed: int
    """Files that are gone."""
    failures: list[FailureBody]
    """Files that could not be read, and why."""
    error: str
    """Why the run failed."""

    @classmethod
    def of(cls, job: Job, language: str) -> Self:
        """Describe a run, in a language."""
        outcome = job.outcome
        failures = translate_reasons(job.failures, language)
        return cls(
            job=job.number,
            state=job.state,
            folders=[str(place) for place in job.places],
            began=job.began,
            steps=job.steps,
            done=job.done,
            notes=[translate(note, language) for note in job.notes],
            added=outcome.added if outcome else 0,
            reused=outcome.reused if outcome else 0,
            unchanged=outcome.unchanged if outcome else 0,
            removed=outcome.removed if outcome else 0,
            failures=[FailureBody.of(failure) for failure in failures],
            error=translate(job.error, language),
        )


class JobsReply(BaseModel):
    """The last runs of the indexer."""

    ok: Literal[True] = True
    """Always true."""
    jobs: list[JobReply]
    """The newest first."""


def install(app: Flask, library: Library, indexer: Indexer | None) -> None:
    """Let an application run an indexer."""
    app.extensions[JOBS] = Jobs(library, indexer)


def jobs_of(app: Flask) -> Jobs:
    """Give the runs of an application."""
    return cast("Jobs", app.extensions[JOBS])


@blueprint.post("")
def begin() -> ResponseReturnValue:
    """Begin to index; 202, since it goes on after the reply."""
    with naming_faults():
        body = JobBody.model_validate_json(json_of(request), strict=True)
    job = jobs_of(current_app).begin(body.folder)
    address = url_for("indexing.job", item_id=job.number)
    return JobReply.of(job, reader_language()).model_dump(mode="json"), 202, {"Location": address}


@blueprint.get("")
def jobs() -> ResponseReturnValue:
    """List the last runs."""
    language = reader_language()
    last = [JobReply.of(job, language) for job in jobs_of(current_app).all()]
    return JobsReply(jobs=last).model_dump(mode="json")


@blueprint.get("/<item_id:item_id>")
def job(item_id: int) -> ResponseReturnValue:
    """Say how far a run is."""
    return JobReply.of(jobs_of(current_app).job(item_id), reader_language()).model_dump(mode="json")


@blueprint.post("/<item_id:item_id>/stop")
def stop(item_id: int) -> ResponseReturnValue:
    """Ask a run to end after the file it is at; what it has kept stays."""
    job = jobs_of(current_app).job(item_id)
    job.stop()
    return JobReply.of(job, reader_language()).model_dump(mode="json")


@blueprint.get("/<item_id:item_id>/events")
def events(item_id: int) -> Response:
    """Tell by server-sent events how far a run is, each as its address says it, until it ends."""
    job = jobs_of(current_app).job(item_id)
    if not WATCHING.acquire(blocking=False):
        raise ServiceUnavailable("Too many watch already; ask for the run itself.", retry_after=2)
    response = Response(_events(job, reader_language()), mimetype="text/event-stream")
    response.call_on_close(WATCHING.release)
    return response


def _events(job: Job, language: str) -> Iterator[str]:
    for _ in job.changes(PAUSE):
        yield f"data: {json.dumps(JobReply.of(job, language).model_dump(mode='json'))}\n\n"
