"""Batches of decoded files become vectors, until nobody waits for them any more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from indexer.decoded import Decoded, Examined
from indexer.encoding import TEXTS, Abandoned, encode_batch
from indexer.sniff import Sniffed
from retrieval.catalog.records import FoundFile, NewContent
from retrieval.encoders.protocol import Vectors
from retrieval.media import Content, Kind, Passage
from tests.fakes import FakeEncoder


def written(name: str, *texts: str) -> Decoded:
    found = FoundFile(name, 1, 1)
    examined = Examined(found, Path(name), name, Sniffed(Kind.TEXT, "text/plain"))
    passages = tuple(Passage(Kind.TEXT, text) for text in texts)
    return Decoded(examined, Content(name, Kind.TEXT, "text/plain", 1), passages)


class Interrupted(FakeEncoder):
    """Has the run end while the first texts are encoded."""

    def __init__(self, abandoned: Event) -> None:
        super().__init__()
        self.encoded: list[int] = []
        self._abandoned = abandoned

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.encoded.append(len(texts))
        self._abandoned.set()
        return super().encode_texts(texts)


def test_a_long_book_is_given_up_after_what_is_being_encoded() -> None:
    abandoned = Event()
    encoder = Interrupted(abandoned)
    book = written("book", *(f"line {number}" for number in range(20 * TEXTS)))
    with pytest.raises(Abandoned):
        encode_batch([book, written("note", "a note")], encoder, abandoned)
    assert encoder.encoded == [TEXTS]


class Picky(FakeEncoder):
    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        if "bad" in texts:
            raise ValueError("cannot be encoded")
        return super().encode_texts(texts)


def test_what_cannot_be_encoded_costs_no_other_file() -> None:
    batch = [written("a", "good"), written("b", "bad"), written("c", "better", "best")]
    first, failed, last = encode_batch(batch, Picky(), Event())
    assert isinstance(failed, ValueError)
    assert isinstance(first, NewContent) and isinstance(last, NewContent)
    assert (first.vectors == Picky().encode_texts(["good"])).all()
    assert (last.vectors == Picky().encode_texts(["better", "best"])).all()
