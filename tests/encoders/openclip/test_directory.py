"""A model's directory: what it must say, and how one that leaves something open is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retrieval.encoders.openclip.checkpoint import Preprocessing, find
from retrieval.encoders.openclip.directory import read
from retrieval.errors import ModelUnavailable
from tests.clips import change, save_clip, save_siglip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return save_clip(tmp_path / "clip")


@pytest.fixture
def siglip(tmp_path: Path) -> Path:
    return save_siglip(tmp_path / "siglip")


def test_what_a_complete_directory_says(siglip: Path) -> None:
    found = read(siglip)
    assert found.model == f"local-dir:{siglip}"
    assert found.weights == siglip / "open_clip_model.safetensors"
    assert found.tokenizer == siglip
    half = (0.5, 0.5, 0.5)
    assert found.preprocessing == Preprocessing(half, half, "bicubic", "squash")
    assert find(f"local-dir:{siglip}") == found


def test_the_first_clip_s_way_of_resizing_may_go_without_saying(clip: Path) -> None:
    change(clip, preprocess_cfg={"interpolation": None})
    assert read(clip).preprocessing.resize_mode is None
    assert read(clip).tokenizer is None


@pytest.mark.parametrize(
    ("family", "changes", "says"),
    [
        ("clip", {"preprocess_cfg": {"mean": None}}, "preprocess_cfg.mean"),
        ("clip", {"preprocess_cfg": {"std": None}}, "preprocess_cfg.std"),
        ("clip", {"preprocess_cfg": {"resize_mode": "stretch"}}, "'stretch' is none of shortest"),
        ("clip", {"model_cfg": {"vision_cfg": None}}, "model_cfg.vision_cfg"),
        ("clip", {"text_cfg": {"vocab_size": 32000}}, "text_cfg.hf_tokenizer_name"),
        ("clip", {"text_cfg": {"hf_model_name": "bert"}}, "text_cfg.hf_tokenizer_name"),
        ("siglip", {"preprocess_cfg": {"resize_mode": None}}, "preprocess_cfg.resize_mode"),
        ("siglip", {"preprocess_cfg": {"interpolation": None}}, "preprocess_cfg.interpolation"),
        ("siglip", {"text_cfg": {"hf_tokenizer_name": None}}, "text_cfg.hf_tokenizer_name"),
        ("siglip", {"text_cfg": {"tokenizer_kwargs": None}}, "tokenizer_kwargs.clean"),
        ("siglip", {"text_cfg": {"tokenizer_kwargs": {"clean": "up"}}}, "'up' is none of"),
    ],
)
def test_a_field_that_is_left_open_is_named(
    family: str, changes: dict[str, Any], says: str, request: pytest.FixtureRequest
) -> None:
    directory = request.getfixturevalue(family)
    change(directory, **changes)
    with pytest.raises(ModelUnavailable, match="must say") as refusal:
        read(directory)
    assert says in str(refusal.value)


def test_the_configuration_must_be_there_and_whole(clip: Path) -> None:
    config = clip / "open_clip_config.json"
    for text, says in [("[]", "must say model_cfg"), ("{", "is not JSON")]:
        config.write_text(text)
        with pytest.raises(ModelUnavailable, match=says):
            read(clip)
    config.unlink()
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read(clip)


def test_a_missing_tokenizer_is_asked_for(siglip: Path) -> None:
    (siglip / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailable, match=r"lacks its tokenizer.*repository tests/siglip"):
        read(siglip)


def test_which_weights_must_be_clear(clip: Path) -> None:
    weights = clip / "open_clip_model.safetensors"
    weights.rename(clip / "one.safetensors")
    assert read(clip).weights.name == "one.safetensors"
    (clip / "two.bin").touch()
    with pytest.raises(ModelUnavailable, match=r"several weights \(one.safetensors, two.bin\)"):
        read(clip)
    (clip / "one.safetensors").rename(weights)
    assert read(clip).weights == weights
    weights.unlink()
    (clip / "two.bin").unlink()
    with pytest.raises(ModelUnavailable, match="has no weights"):
        read(clip)


def test_a_text_tower_from_elsewhere_needs_its_configuration(
    siglip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    change(siglip, text_cfg={"hf_model_name": "tests/tower"})
    with pytest.raises(ModelUnavailable, match=r"hf download tests/tower config\.json --local-dir"):
        read(siglip)
    (siglip / "config.json").write_text("{}")
    assert read(siglip).text_config == siglip
