"""Measuring an encoder: what it is given, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import InvalidQuery, UnreadableMedia
from retrieval.evaluation.captioned import read_captioned
from retrieval.evaluation.encoding import encode
from retrieval.evaluation.measure import Measured, Model, measure
from retrieval.evaluation.misses import Miss
from tests.evaluation.sheets import write_sheets
from tests.fakes import FakeEncoder


def measured(file: Path, *keys: str) -> Measured:
    encoder, captioned = FakeEncoder(), read_captioned(file, keys)
    encoded = encode(encoder, captioned, file.parent, lambda _: None)
    return measure(Model.of(encoder), captioned, encoded)


def test_everything_is_encoded_once_and_counted(tmp_path: Path) -> None:
    encoder, captioned = FakeEncoder(), read_captioned(write_sheets(tmp_path), ["en", "zh"])
    steps: list[int] = []
    encoded = encode(encoder, captioned, tmp_path, steps.append)
    assert (encoder.images_encoded, encoder.texts_encoded, sum(steps)) == (8, 24, 32)
    assert len(encoded.photos) == 8
    assert {key: len(rows) for key, rows in encoded.captions.items()} == {"en": 16, "zh": 8}


def test_each_field_is_measured_by_itself_and_against_the_other(tmp_path: Path) -> None:
    found = measured(write_sheets(tmp_path), "en", "zh")
    english, chinese = found.evaluations
    assert (english.images, english.captions, chinese.captions) == (8, 16, 8)
    assert english.text_to_image.estimate.figures.recall_at_1 == 15 / 16
    assert chinese.text_to_image.estimate.figures.recall_at_1 == 1
    assert english.image_to_text.estimate.figures.recall_at_1 == 7 / 8
    assert english.text_to_text is not None
    assert chinese.text_to_text is None
    assert [(pair.asking, pair.answering) for pair in found.across] == [("en", "zh"), ("zh", "en")]
    assert found.across[0].quality.estimate.figures.recall_at_1 == 15 / 16
    assert found.model == Model("fake", "1", 32, "fake-1")


def test_the_worst_misses_are_one_a_photo(tmp_path: Path) -> None:
    [english] = measured(write_sheets(tmp_path), "en").evaluations
    [miss] = english.misses
    assert miss == Miss("white paper", "black.png", miss.rank, "white.png")
    assert miss.rank > 1


def test_misses_come_worst_first(tmp_path: Path) -> None:
    file = write_sheets(tmp_path)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row, told in zip(rows, rows[1:] + rows[:1], strict=True):
        row["en"] += [f"{Path(told['image']).stem} card", f"{Path(told['image']).stem} foil"]
    file.write_text("\n".join(map(json.dumps, rows)))
    [english] = measured(file, "en").evaluations
    ranks = [miss.rank for miss in english.misses]
    assert ranks == sorted(ranks, reverse=True)
    assert len({miss.photo for miss in english.misses}) == len(ranks) == 8
    assert all(miss.first != miss.photo for miss in english.misses)


def test_photos_without_captions_in_a_field_are_no_answers_there(tmp_path: Path) -> None:
    file = write_sheets(tmp_path)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row in rows[:6]:
        row["zh"] = []
    file.write_text("\n".join(map(json.dumps, rows)))
    found = measured(file, "en", "zh")
    assert [e.images for e in found.evaluations] == [8, 2]
    by_field = {(p.asking, p.answering): p.quality.outcomes.owners.tolist() for p in found.across}
    assert by_field == {("en", "zh"): [6, 6, 7, 7], ("zh", "en"): [6, 7]}


def test_what_cannot_be_encoded_is_found_out_first(tmp_path: Path) -> None:
    file = write_sheets(tmp_path)
    captioned = read_captioned(file, ["en", "zh"])
    encoder = FakeEncoder()
    (tmp_path / "blue.png").unlink()
    with pytest.raises(UnreadableMedia, match=r"blue\.png: there is no such picture"):
        encode(encoder, captioned, tmp_path, lambda _: None)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows = [row for row in rows if row["image"] != "blue.png"]
    rows[3]["zh"] = ["很长" * 40]
    file.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(InvalidQuery, match=r"purple\.png in the field 'zh' takes 80 tokens.* 64"):
        encode(encoder, read_captioned(file, ["en", "zh"]), tmp_path, lambda _: None)
    assert encoder.images_encoded == encoder.texts_encoded == 0
