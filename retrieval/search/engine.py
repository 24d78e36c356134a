"""Answers a query: interpret → filter → search each kind → words → group → fold → score → page.

Passages of one content answer as one hit, its best; a content that lies at several paths is shown
once, and its near-duplicates behind it. A page never depends on which page was asked for before it,
and pages tile the whole ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.matching import Matches
from retrieval.catalog.records import Scope
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.media import (
    GOOD,
    Answer,
    Filters,
    Hit,
    ImageTerm,
    ItemTerm,
    Kind,
    Phrase,
    Query,
    Term,
)
from retrieval.search.background import Background, take_background
from retrieval.search.calibration import score
from retrieval.search.candidates import Contest, Ranking
from retrieval.search.folding import Folding, Heads, deeper, depth_for
from retrieval.search.fusion import NOTHING, fuse, telling
from retrieval.search.listing import list_newest
from retrieval.search.meaning import Interpreter, Listener, Meaning
from retrieval.search.places import count_places, find_places
from retrieval.search.stopwatch import Stopwatch
from retrieval.search.tally import count_kinds, of_any_kind
from retrieval.vectors.scan import measure
from retrieval.vectors.store import VectorStore

if TYPE_CHECKING:
    from retrieval.decode.decoder import Decoder
    from retrieval.explain.explanation import Explanation


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """Contents, best first, each by its best passage, and which of them the page shows."""

    ranking: Ranking
    scores: NDArray[np.float64]
    """In parallel to the ranking."""
    shown: Heads


class Engine:
    """Search over one library; safe to share between threads."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        encoder: Encoder,
        listen: Listener,
        everyday: Callable[[], Vectors],
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._encoder = encoder
        self._everyday = cache(everyday)
        self._interpreter = Interpreter(catalog, vectors, encoder, listen, self._mean)
        self._folding = Folding(catalog)
        self._background = lru_cache(maxsize=2 * len(Kind))(self._take_background)

    def answer(self, query: Query) -> Answer:
        """Find the items that answer a query, or raise InvalidQuery."""
        watch = Stopwatch()
        if query.restricts and not query.terms:
            scope = self._scope(query)
            counts = count_kinds(self._of_any_kind(query, scope).holds, self._catalog)
            return list_newest(query, scope, counts, self._catalog, self._folding, watch)
        meaning = self._interpreter.interpret(query)
        watch.lap("encode")
        scope = self._scope(query)
        total = self._vectors.count(scope)
        wider = self._of_any_kind(query, scope)
        by_kind = count_kinds(self._vectors.present(wider), self._catalog)
        watch.lap("filter")
        contest = self._contest(meaning, scope)
        results = self._results(contest, query, total, watch)
        hits = self._hits(contest, results, query.filters)
        watch.lap("load")
        good = bool(np.count_nonzero(results.scores[:1] >= GOOD))
        times = watch.total_ms, watch.stages
        said = meaning.words, query.quotations
        return Answer(hits, total, good, meaning.heard, *times, *said, by_kind=by_kind)

    def places(self, query: Query, item_id: int) -> Answer:
        """Find where in an item a query is met; see ``retrieval.search.places``."""
        watch = Stopwatch()
        item = self._catalog.item(item_id)
        passages = dict(self._catalog.passages(item))
        meaning = self._interpreter.interpret(query)
        watch.lap("encode")
        contest = self._contest(meaning, self._catalog.scope(Filters()))
        hits, total = find_places(contest, item, passages, query)
        watch.lap("search")
        said = meaning.words, query.quotations
        return Answer(hits, total, True, meaning.heard, watch.total_ms, watch.stages, *said)

    def explain(
        self, query: Query, item_id: int, passage_id: int | None, decoder: Decoder
    ) -> Explanation:
        """Find what in a passage of an item matches a query, or raise NotFound."""
        from retrieval.explain.explanation import explain, passage_to_explain

        vector = self._interpreter.interpret(query).vector
        item = self._catalog.item(item_id)
        chosen = passage_to_explain(vector, item, passage_id, self._catalog)
        return explain(vector, item, *chosen, self._encoder, decoder)

    # Filter.

    def _scope(self, query: Query) -> Scope:
        scope = self._catalog.scope(query.filters)
        left_out = self._shown(query.terms) | self._with_unwanted(query.phrases)
        scope = scope.without(left_out) if left_out else scope
        for phrase in query.phrases:
            if phrase.wanted:
                scope = scope.within(self._catalog.words.holding(phrase.words))
        return scope

    def _of_any_kind(self, query: Query, scope: Scope) -> Scope:
        """Widen a query's scope to all kinds; most queries do not restrict them."""
        return self._scope(of_any_kind(query)) if query.filters.kinds else scope

    def _shown(self, terms: Iterable[Term]) -> set[int]:
        """Find the contents that the query shows: the user has them already."""
        items = [self._catalog.item(term.item) for term in terms if isinstance(term, ItemTerm)]
        shown = [item.content.digest for item in items]
        shown += [term.hash for term in terms if isinstance(term, ImageTerm) and term.hash]
        return self._catalog.contents_with(shown) if shown else set()

    def _with_unwanted(self, phrases: Iterable[Phrase]) -> set[int]:
        holding = self._catalog.words.holding
        return {int(content) for p in phrases if not p.wanted for content in holding(p.words)}

    # Rank.

    def _contest(self, meaning: Meaning, scope: Scope) -> Contest:
        background = cache(self._background_of)
        return Contest(meaning, scope, self._vectors, background, self._holding)

    def _holding(self, words: str) -> Matches:
        return telling(self._catalog.words.matching(words)) if words else NOTHING

    def _results(self, contest: Contest, query: Query, total: int, watch: Stopwatch) -> Results:
        """Rank so deep that as many answer as are wanted, or all there are."""
        wanted = query.offset + query.k
        depth = depth_for(wanted)
        while True:
            ranking = self._ranking(contest, depth, query.exact, watch)
            heads = self._folding.heads(ranking.contents[:depth], query)
            watch.lap("fold")
            if depth >= total or len(heads.ranks) == wanted:
                break
            depth = deeper(depth, wanted, len(heads.ranks))
        results = Results(ranking, score(ranking.deviations, contest.crowd()), heads.page(query))
        watch.lap("score")
        return results

    def _ranking(self, contest: Contest, depth: int, exact: bool, watch: Stopwatch) -> Ranking:
        """Rank contents, at least so many, each by its best passage."""
        search = self._vectors.search_exactly if exact else self._vectors.search
        ranking = contest.nearest(depth, search)
        watch.lap("search")
        if contest.meaning.words:
            ranking = fuse(ranking, contest.matching(), contest.matches)
        ranking = ranking.take(ranking.best_of_each_content())
        watch.lap("words")
        return ranking

    def _mean(self, modality: Kind) -> Vectors:
        return self._background_of(modality).mean

    def _background_of(self, kind: Kind) -> Background:
        return self._background(kind, self._catalog.version())

    def _take_background(self, kind: Kind, _version: int) -> Background:
        everything = self._catalog.scope(Filters())
        return take_background(kind, everything, self._vectors, self._encoder, self._everyday)

    # Page.

    def _hits(self, contest: Contest, results: Results, filters: Filters) -> tuple[Hit, ...]:
        ranking, ranks = results.ranking, results.shown.ranks
        ids, contents = ranking.passages[ranks], ranking.contents[ranks]
        cosines = measure(self._vectors.vectors_of(ids), contest.meaning.vector)
        columns = (column.tolist() for column in (ids, results.scores[ranks], cosines))
        counts = count_places(contest, contents)
        alike = self._folding.alike(results.shown, ranking.contents, filters)
        glimpses = self._folding.glimpses(contents)
        rows = zip(*columns, counts, alike, glimpses, strict=True)
        figures = {passage_id: rest for passage_id, *rest in rows}
        found = self._catalog.found(list(figures), filters)
        return tuple(
            Hit(item, passage_id, passage, *figures[passage_id])
            for item, passage_id, passage in found
        )
