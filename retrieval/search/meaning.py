"""What a query means: one vector, the words in it, and what was understood of its recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from retrieval.catalog.catalog import Catalog
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import InvalidQuery
from retrieval.media import ImageTerm, ItemTerm, Kind, Query, SpeechTerm, Term, TextTerm, VectorTerm
from retrieval.search.compose import Heading, compose, unit
from retrieval.search.shared import SharedEncoder
from retrieval.vectors.store import VectorStore

Listener = Callable[[SpeechTerm], str]
"""Understands what is said in a speech term."""

SilentTerm = TextTerm | ImageTerm | ItemTerm | VectorTerm
"""A term that need not be listened to."""


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What to look for."""

    vector: Vectors
    """[dim], of unit length."""
    modality: Kind | None
    """TEXT where every term is of words, IMAGE where every one is a picture, None for a mix."""
    words: str
    """The words wanted, one term after the other."""
    heard: tuple[str, ...]
    """What was understood of each speech term."""


class Interpreter:
    """Finds out what queries mean in one library."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        encoder: Encoder,
        listen: Listener,
        mean: Callable[[Kind], Vectors],
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._shared = SharedEncoder(encoder)
        self._dim, self._encoder_name = encoder.dim, encoder.name
        self._listen = listen
        self._mean = mean

    def interpret(self, query: Query) -> Meaning:
        """Find out what a query means; raise InvalidQuery where it means nothing."""
        heard = {term: self._hear(term) for term in query.terms if isinstance(term, SpeechTerm)}
        terms = [_said(term, heard) for term in query.terms]
        headings = [self._heading(term) for term in terms]
        modalities = {heading.modality for heading in headings}
        return Meaning(
            vector=compose(headings, self._mean),
            modality=modalities.pop() if len(modalities) == 1 else None,
            words=wanted_words(terms),
            heard=tuple(heard.values()),
        )

    def _hear(self, term: SpeechTerm) -> str:
        words = self._listen(term)
        if not words:
            raise InvalidQuery("No speech was heard in the recording: speak closer, or type.")
        return words

    def _heading(self, term: SilentTerm) -> Heading:
        if isinstance(term, TextTerm):
            return Heading(self._shared.encode_text(term.text), Kind.TEXT, term.weight)
        if isinstance(term, ImageTerm):
            return Heading(self._shared.encode_image(term.image), Kind.IMAGE, term.weight)
        if isinstance(term, VectorTerm):
            return self._heading_of(term)
        passages = self._catalog.passages(self._catalog.item(term.item))
        if not passages:
            raise InvalidQuery(f"Item {term.item} has no words or picture to compare with.")
        # What it is made of first: not the lettering of a picture, nor the plates of a book.
        first = passages[0][1].kind
        ids = np.array([number for number, passage in passages if passage.kind is first], np.int64)
        vectors = self._vectors.vectors_of(ids)
        modality = Kind.IMAGE if first is Kind.IMAGE else Kind.TEXT
        return Heading(unit(vectors.sum(axis=0)), modality, term.weight)

    def _heading_of(self, term: VectorTerm) -> Heading:
        """Take a vector for words or for a picture: for that whose middle it is nearer to."""
        given = np.array(term.vector, np.float64)
        if len(given) != self._dim:
            raise InvalidQuery(
                f"vector: it has {len(given)} components; the library's encoder, "
                f"{self._encoder_name}, gives {self._dim}."
            )
        if not np.isfinite(given).all() or not given.any():
            raise InvalidQuery("vector: it needs a direction: finite numbers, not all of them 0.")
        vector = unit(given / np.abs(given).max())
        sides = (Kind.TEXT, Kind.IMAGE)
        distances = [float(np.linalg.norm(vector - self._mean(side))) for side in sides]
        return Heading(vector, sides[int(np.argmin(distances))], term.weight)


def wanted_words(terms: Iterable[Term]) -> str:
    """Put together what terms look for in words, one after the other."""
    return " ".join(t.text for t in terms if isinstance(t, TextTerm) and t.weight > 0)


def _said(term: Term, heard: dict[SpeechTerm, str]) -> SilentTerm:
    """Put what is said in a speech term into words."""
    return TextTerm(heard[term], term.weight) if isinstance(term, SpeechTerm) else term
