"""Answers a query: encode → candidates of each kind → calibrate → fuse → group → page.

Every kind is searched by itself and its similarities judged against its own background, so one
fair list can hold pictures, documents and speech. Passages of one content answer as one hit, its
best; a content that lies at several paths is shown once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Ids, Scope
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import InvalidQuery
from retrieval.media import (
    Answer,
    Filters,
    Hit,
    ImageTerm,
    ItemTerm,
    Kind,
    Query,
    SpeechTerm,
    Term,
    TextTerm,
)
from retrieval.search.background import Background, score, take_background
from retrieval.search.compose import Heading, compose, encode_term, unit
from retrieval.vectors.store import VectorStore

Listener = Callable[[SpeechTerm], str]
"""Understands what is said in a speech term."""

CONFIDENT = 0.5
"""The best score below which an answer is only the nearest, not a good one."""

DEPTH = 4
"""Passages searched for each hit asked for, at first: long documents crowd the top."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages of all kinds, best first; the arrays run in parallel."""

    passages: Ids
    contents: Ids
    similarities: Vectors
    deviations: NDArray[np.float64]

    def best_of_each_content(self) -> tuple[Ids, Ids]:
        """Give the position of each content's best passage, in order, and its passages' count."""
        _, first, counts = np.unique(self.contents, return_index=True, return_counts=True)
        order = np.argsort(first)
        return first[order], counts[order]


class Engine:
    """Search over one library; safe to share between threads."""

    def __init__(
        self, catalog: Catalog, vectors: VectorStore, encoder: Encoder, listen: Listener
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._encoder = encoder
        self._listen = listen
        self._background = lru_cache(maxsize=2 * len(Kind))(self._take_background)

    def answer(self, query: Query) -> Answer:
        """Find the items that answer a query, or raise InvalidQuery."""
        began = time.perf_counter()
        terms, heard = self._understand(query.terms)
        vector = compose([self._heading(term) for term in terms], self._mean)
        scope = self._without(self._catalog.scope(query.filters), query.terms)
        total = len(np.unique(scope.contents))
        hits = self._page(vector, scope, query) if total else ()
        confident = bool(hits) and (query.offset > 0 or hits[0].score >= CONFIDENT)
        took_ms = 1000 * (time.perf_counter() - began)
        return Answer(hits, total, confident, heard, took_ms)

    # Encode.

    def _understand(
        self, terms: tuple[Term, ...]
    ) -> tuple[list[TextTerm | ImageTerm | ItemTerm], tuple[str, ...]]:
        """Put what is said in speech terms into words."""
        understood: list[TextTerm | ImageTerm | ItemTerm] = []
        heard: list[str] = []
        for term in terms:
            if not isinstance(term, SpeechTerm):
                understood.append(term)
                continue
            words = self._listen(term)
            if not words:
                raise InvalidQuery("No speech was heard in the recording: speak closer, or type.")
            heard.append(words)
            understood.append(TextTerm(words, term.weight))
        return understood, tuple(heard)

    def _heading(self, term: TextTerm | ImageTerm | ItemTerm) -> Heading:
        if not isinstance(term, ItemTerm):
            return encode_term(term, self._encoder)
        passages = self._catalog.passages(self._catalog.item(term.item))
        if not passages:
            raise InvalidQuery(f"Item {term.item} has no words or picture to compare with.")
        ids = np.array([passage_id for passage_id, _ in passages], np.int64)
        vectors = self._vectors.vectors_of(ids)
        modality = Kind.IMAGE if passages[0][1].kind is Kind.IMAGE else Kind.TEXT
        return Heading(unit(vectors.sum(axis=0)), modality, term.weight)

    def _mean(self, modality: Kind) -> Vectors:
        return self._background_of(modality).mean

    # Candidates.

    def _without(self, scope: Scope, terms: tuple[Term, ...]) -> Scope:
        """Leave out the things the query shows: the user has them already."""
        items = [self._catalog.item(t.item) for t in terms if isinstance(t, ItemTerm)]
        shown = [item.content.hash for item in items]
        shown += [term.hash for term in terms if isinstance(term, ImageTerm) and term.hash]
        return scope.without(self._catalog.contents_with(shown)) if shown else scope

    def _rank(self, vector: Vectors, scope: Scope, wanted: int) -> Ranking:
        """Search each kind for enough contents, and fuse by deviation from chance."""
        found = [
            (kind, *self._candidates(vector, ids, scope, wanted))
            for kind, ids in scope.kinds.items()
        ]
        passages = np.concatenate([ids for _, ids, _ in found])
        similarities = np.concatenate([values for _, _, values in found])
        deviations = np.concatenate(
            [self._background_of(kind).deviations(vector, values) for kind, _, values in found]
        )
        order = np.lexsort((passages, -deviations))
        passages = passages[order]
        contents = scope.contents_of(passages)
        return Ranking(passages, contents, similarities[order], deviations[order])

    def _candidates(
        self, vector: Vectors, ids: Ids, scope: Scope, wanted: int
    ) -> tuple[Ids, Vectors]:
        """Search deeper until the passages found belong to as many contents as are wanted."""
        depth = wanted * DEPTH
        while True:
            passages, similarities = self._vectors.search(vector, depth, ids)
            enough = len(np.unique(scope.contents_of(passages))) >= wanted
            if enough or depth >= len(ids):
                return passages, similarities
            depth *= DEPTH

    def _background_of(self, kind: Kind) -> Background:
        return self._background(kind, self._catalog.version())

    def _take_background(self, kind: Kind, _version: int) -> Background:
        ids = self._catalog.scope(Filters()).kinds.get(kind, np.empty(0, np.int64))
        return take_background(kind, ids, self._vectors, self._encoder)

    # Group and page.

    def _page(self, vector: Vectors, scope: Scope, query: Query) -> tuple[Hit, ...]:
        wanted = query.offset + query.k
        ranking = self._rank(vector, scope, wanted)
        best, counts = ranking.best_of_each_content()
        page = slice(query.offset, wanted)
        return self._show(ranking, best[page], counts[page], query.filters)

    def _show(
        self, ranking: Ranking, positions: Ids, counts: Ids, filters: Filters
    ) -> tuple[Hit, ...]:
        scores = score(ranking.deviations[positions])
        details = {
            int(ranking.passages[position]): (float(value), position, int(count))
            for position, value, count in zip(positions, scores, counts, strict=True)
        }
        hits = []
        for item, passage_id, passage in self._catalog.found(list(details), filters):
            value, position, count = details[passage_id]
            similarity = float(ranking.similarities[position])
            hits.append(Hit(item, passage_id, passage, value, similarity, count))
        return tuple(hits)
