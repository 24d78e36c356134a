"""Several searches in one request, answered together.

Each is answered in a thread of its own: those that wait for the encoder or for the vectors at the
same time are put to them at once, see ``retrieval.turns``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from retrieval.errors import TriptychError
from retrieval.library import Library
from retrieval.media import Answer, Query
from retrieval.request import parse_batch
from retrieval.wire import AnswerBody
from webui.current import current_decoder, current_library
from webui.replies import BatchReply
from webui.request_query import json_of

blueprint = Blueprint("batch", __name__, url_prefix="/api/v1")

TOGETHER = 16
"""Searches answered at once, of all batches."""


@blueprint.post("/search/batch")
def search_batch() -> ResponseReturnValue:
    """Answer several searches together; where one cannot be answered, none is."""
    searches = parse_batch(json_of(request)).searches
    queries = []
    for number, search in enumerate(searches):
        with naming(number):
            queries.append(search.as_query(current_decoder()))
    answers = answer_all(current_library(), queries)
    pairs = zip(answers, searches, strict=True)
    bodies = [AnswerBody.of(answer, search.q) for answer, search in pairs]
    return BatchReply(answers=bodies).model_dump(mode="json")


def answer_all(library: Library, queries: Sequence[Query]) -> list[Answer]:
    """Answer queries together, or raise what the first that fails raises, with its number."""

    def answer(number: int) -> Answer:
        with naming(number):
            return library.search(queries[number])

    return list(_threads().map(answer, range(len(queries))))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(TOGETHER, "batch")


@contextmanager
def naming(number: int) -> Iterator[None]:
    """Say of an error which search it is about."""
    try:
        yield
    except TriptychError as error:
        raise type(error)(f"searches.{number}: {error}") from error
