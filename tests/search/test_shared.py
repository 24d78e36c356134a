"""Searches that ask at once are encoded together; what was asked before is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery
from retrieval.search.shared import LONGEST, SharedEncoder
from tests.fakes import FakeEncoder


class Watched(FakeEncoder):
    """Notes what it encodes, and waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.began, self.may_go_on = Event(), Event()
        self.may_go_on.set()

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        self.began.set()
        assert self.may_go_on.wait(10)
        return super().encode_texts(texts)


def test_texts_asked_for_at_once_are_encoded_together_each_to_its_own_vector() -> None:
    watched = Watched()
    watched.may_go_on.clear()
    shared, texts = SharedEncoder(watched), ["a dog", "snow", "a red boat", "雪山"]
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(shared.encode_text, texts[0])
        assert watched.began.wait(10)
        others = [threads.submit(shared.encode_text, text) for text in texts[1:]]
        while len(shared._windows._waiting) < 3:
            pass
        watched.may_go_on.set()
        found = [future.result(10) for future in (first, *others)]
    assert [sorted(batch) for batch in watched.batches] == [["a dog"], sorted(texts[1:])]
    for vector, alone in zip(found, FakeEncoder().encode_texts(texts), strict=True):
        assert vector == pytest.approx(alone, abs=1e-6)


def test_a_text_that_comes_again_is_not_encoded_again() -> None:
    watched = Watched()
    shared = SharedEncoder(watched)
    first, again = shared.encode_text("a dog"), shared.encode_text("a dog")
    assert watched.batches == [["a dog"]]
    assert np.array_equal(first, again)


def test_a_text_that_was_pasted_is_not_kept() -> None:
    watched = Watched()
    shared, pasted = SharedEncoder(watched), "a dog ran. " * (LONGEST // 10)
    shared.encode_text(pasted)
    encoded = len(watched.batches)
    shared.encode_text(pasted)
    assert len(watched.batches) == 2 * encoded


def test_an_empty_text_hurts_nobody_else() -> None:
    shared = SharedEncoder(FakeEncoder())
    with pytest.raises(InvalidQuery, match="empty"):
        shared.encode_text(" \n")
    assert shared.encode_text("a dog").shape == (FakeEncoder().dim,)


def test_pictures_get_their_own_vectors() -> None:
    shared, encoder = SharedEncoder(FakeEncoder()), FakeEncoder()
    red, blue = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    for image, expected in zip((red, blue), encoder.encode_images([red, blue]), strict=True):
        assert shared.encode_image(image) == pytest.approx(expected)
