"""Encoding once, and leaving out what cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import TrainingError
from retrieval.training.material import Material, encode_pairs
from retrieval.training.pairs import read_pairs
from retrieval.training.shards import Shards
from tests.fakes import FakeEncoder
from tests.training.conftest import Watcher
from tests.training.drawings import draw, write

LONG = "word " * 100


def encode(folder: Path, encoder: FakeEncoder, watcher: Watcher | None = None) -> Material:
    pairs = read_pairs(folder / "pairs.jsonl", [], 0.2, 0)
    shards = Shards(folder / "vectors", encoder.fingerprint)
    return encode_pairs(encoder, pairs, folder / "images", shards, watcher or Watcher())


def add(folder: Path, *lines: dict[str, object]) -> None:
    file = folder / "pairs.jsonl"
    kept = file.read_text()
    file.write_text(kept + write(folder / "more.jsonl", list(lines)).read_text())


def test_the_rows_are_the_encoder_s(tmp_path: Path) -> None:
    draw(tmp_path, 70)
    encoder, watcher = FakeEncoder(), Watcher()
    material = encode(tmp_path, encoder, watcher)
    assert watcher.steps == 0
    assert len(material.photos) == 70
    np.testing.assert_array_equal(material.texts, encoder.encode_texts(material.pairs.texts))
    assert len(material.trained) + len(material.validated) == len(material.pairs.links) == 140
    assert material.left_out == ()


def test_what_cannot_be_used_is_left_out_with_its_reason(tmp_path: Path) -> None:
    draw(tmp_path, 60)
    (tmp_path / "images" / "torn.png").write_bytes(b"not a picture")
    add(
        tmp_path,
        {"image": "torn.png", "en": ["a torn picture"]},
        {"image": "absent.png", "en": ["no picture"]},
        {"image": "nul\0.png", "en": ["no name"]},
        {"image": "0.png", "en": [LONG]},
    )
    material = encode(tmp_path, FakeEncoder())
    reasons = {failure.path: failure.reason for failure in material.left_out}
    assert reasons.keys() == {"torn.png", "absent.png", "nul\0.png", LONG}
    assert "not a picture" in reasons["torn.png"]
    assert "No such file" in reasons["absent.png"]
    assert reasons[LONG] == "takes 100 tokens, and fake holds 64"
    assert len(material.pairs.photos) == 60
    assert "no picture" not in material.pairs.texts
    norms = np.linalg.norm(np.vstack([material.photos, material.texts]), axis=1)
    np.testing.assert_allclose(norms, 1, atol=1e-5)


def test_too_few_pairs_are_refused_with_what_is_wrong(tmp_path: Path) -> None:
    draw(tmp_path, 20)
    for number in range(15):
        (tmp_path / "images" / f"{number}.png").unlink()
    with pytest.raises(TrainingError, match=r"32 and 2 are the least; 15 could .*0\.png"):
        encode(tmp_path, FakeEncoder())
    draw(tmp_path / "few", 12)
    with pytest.raises(TrainingError, match=r"pairs to train on and 2 photos .* are the least\."):
        encode(tmp_path / "few", FakeEncoder())


def test_nothing_is_encoded_twice_but_what_has_changed(tmp_path: Path) -> None:
    draw(tmp_path, 150)
    first = encode(tmp_path, FakeEncoder())
    again = FakeEncoder()
    np.testing.assert_array_equal(encode(tmp_path, again).photos, first.photos)
    assert (again.images_encoded, again.texts_encoded) == (0, 0)
    os.utime(tmp_path / "images" / "70.png", (1, 1))
    encode(tmp_path, again)
    assert (again.images_encoded, again.texts_encoded) == (64, 0)


def test_a_damaged_shard_is_made_again_and_another_encoder_s_is_not_used(tmp_path: Path) -> None:
    draw(tmp_path, 70)
    encode(tmp_path, FakeEncoder())
    for file in (tmp_path / "vectors").iterdir():
        file.write_bytes(file.read_bytes()[:-5])
    again, other = FakeEncoder(), FakeEncoder()
    encode(tmp_path, again)
    assert again.images_encoded == 70
    other.fingerprint = "another"
    encode(tmp_path, other)
    assert other.images_encoded == 70
