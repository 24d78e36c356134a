"""``triptych evaluate``: the shape of its figures, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation import evaluate, rank_captions, rank_images
from tests.cli.conftest import EXAMPLES, triptych
from tests.shelf import random_vectors

CAPTIONS = {
    "cat.jpg": ["a cat looks at you", "the face of a tabby cat"],
    "cup-of-coffee.jpg": ["a cup of coffee on a table", "coffee in a white cup"],
    "rocket-launch.jpg": ["a rocket is launched at night", "a rocket takes off"],
    "astronaut.jpg": ["an astronaut in a space suit", "a smiling woman in an orange suit"],
}


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    file = tmp_path / "captions.jsonl"
    rows = [{"image": k, "en": v, "split": "dev"} for k, v in CAPTIONS.items()]
    rows.append({"image": "absent.jpg", "en": ["not here"], "split": "train"})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_it_prints_the_figures_as_json(captions: Path) -> None:
    options = ["--images", EXAMPLES / "pictures", "--captions", "en", "--split", "dev", "--json"]
    result = triptych("evaluate", captions, *options)
    assert result.returncode == 0, result.stderr
    body = json.loads(result.stdout)
    assert (body["images"], body["captions"]) == (4, 8)
    for direction in ("text_to_image", "image_to_text"):
        figures = body[direction]
        assert set(figures) == {"recall@1", "recall@5", "recall@10", "median_rank", "mrr"}
        assert 0.5 <= figures["recall@1"] <= figures["recall@5"] <= figures["recall@10"] == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--captions", "fr", "--split", "dev"], "line 1"),
        (["--captions", "image", "--split", "dev"], "not a list of texts"),
        (["--captions", "en", "--split", "test"], "has no captions"),
    ],
)
def test_captions_it_cannot_use_are_named(captions: Path, options: list[str], says: str) -> None:
    result = triptych("evaluate", captions, "--images", EXAMPLES / "pictures", *options)
    assert result.returncode == 2
    assert says in result.stderr


def test_a_picture_that_is_absent_is_named(captions: Path) -> None:
    options = ["--images", EXAMPLES / "pictures", "--captions", "en", "--split", "train"]
    result = triptych("evaluate", captions, *options)
    assert result.returncode == 1
    assert "absent.jpg" in result.stderr


@given(seed=st.integers(0, 1000), images=st.integers(1, 12), each=st.integers(1, 4))
def test_ranks_agree_with_a_slow_count(seed: int, images: int, each: int) -> None:
    pictures = random_vectors(images, seed)
    captions = random_vectors(images * each, seed + 1)
    owner = np.repeat(np.arange(images), each)
    scores = captions @ pictures.T
    by_text = [sum(s >= row[own] for s in row) for row, own in zip(scores, owner, strict=True)]
    assert rank_images(pictures, captions, owner).tolist() == by_text
    by_image = [
        1 + sum(scores[j, i] >= scores[owner == i, i].max() for j in np.flatnonzero(owner != i))
        for i in range(images)
    ]
    assert rank_captions(pictures, captions, owner).tolist() == by_image


def test_an_encoder_that_cannot_tell_things_apart_scores_nothing() -> None:
    same = np.repeat(random_vectors(1), 20, axis=0)
    result = evaluate(same, same, range(20))
    assert result.text_to_image.recall_at_10 == result.image_to_text.recall_at_10 == 0
    assert result.text_to_image.median_rank == 20
