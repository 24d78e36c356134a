"""Tokenizers of open_clip models: marks, padding, counting, and agreement with open_clip's own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.openclip.directory import read
from retrieval.encoders.openclip.tokenizer import read_words
from retrieval.encoders.registry import load_encoder
from retrieval.errors import ModelUnavailable
from tests.clips import CLIP_PREPROCESSING, SIGLIP, change, save_clip, save_siglip, save_tokenizer

TEXTS = ["A Red CAT, on the mat!", "a dog", "", "  the &amp; lazy_dog\n", "沙滩"]


@pytest.fixture
def siglip(tmp_path: Path) -> Path:
    return save_siglip(tmp_path / "siglip")


def test_clip_s_words_are_open_clip_s(tmp_path: Path) -> None:
    from open_clip import get_tokenizer

    directory = save_clip(tmp_path)
    words = read_words(read(directory))
    theirs = get_tokenizer(f"local-dir:{directory}")
    np.testing.assert_array_equal(words.tensor(TEXTS), theirs(TEXTS))


def test_a_tokenizer_file_marks_the_end_and_pads_as_it_says(siglip: Path) -> None:
    words = read_words(read(siglip))
    (row,) = words.tensor(["A Dog!"]).tolist()
    assert words.count(["A Dog!", "a dog", ""]) == [3, 3, 1]
    assert row[2:] == [1] * 14
    long = "a dog " * 20
    assert words.count([long]) == [41]


def test_padding_comes_from_the_settings_or_a_customary_mark(siglip: Path) -> None:
    settings = siglip / "tokenizer_config.json"
    settings.write_text(json.dumps({"pad_token": {"content": "<unk>"}}))
    assert read_words(read(siglip)).padding == 2
    settings.unlink()
    assert read_words(read(siglip)).padding == 0
    file = siglip / "tokenizer.json"
    file.write_text(file.read_text().replace("<pad>", "<nothing>"))
    with pytest.raises(ModelUnavailable, match="special_tokens_map"):
        read_words(read(siglip))


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json"])
def test_a_torn_tokenizer_is_named(siglip: Path, name: str) -> None:
    (siglip / name).write_text("{")
    with pytest.raises(ModelUnavailable, match=f"The tokenizer in {siglip} cannot be read"):
        read_words(read(siglip))


def test_a_separator_that_the_model_never_saw_is_blanked(siglip: Path) -> None:
    change(siglip, text_cfg={"tokenizer_kwargs": {"clean": "lower", "strip_sep_token": True}})
    settings = siglip / "tokenizer_config.json"
    settings.write_text(json.dumps({"pad_token": "<pad>", "sep_token": "</s>"}))
    (row,) = read_words(read(siglip)).rows(["a dog"])
    assert row[-1] == 0


def test_without_transformers_its_models_say_what_to_install(
    siglip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.encoders.openclip.tokenizer.find_spec", lambda name: None)
    checkpoint = replace(read(siglip), text_config=siglip)
    with pytest.raises(ModelUnavailable, match=r"pip install 'triptych\[transformers\]'"):
        read_words(checkpoint)


@pytest.mark.parametrize("mode", ["", "clips"])
def test_the_words_are_those_of_open_clip_s_wrapper(siglip: Path, mode: str) -> None:
    pytest.importorskip("transformers")
    from open_clip import get_tokenizer

    marks = {"bos_token": "<pad>", "eos_token": "</s>", "cls_token": "<unk>", "pad_token": "</s>"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **marks}
    (siglip / "tokenizer_config.json").write_text(json.dumps(settings))
    if mode:
        change(siglip, text_cfg={"tokenizer_mode": mode})
    words = read_words(read(siglip))
    theirs = get_tokenizer(f"local-dir:{siglip}")
    np.testing.assert_array_equal(words.tensor(TEXTS), theirs(TEXTS))


def test_a_text_tower_from_transformers_is_loaded_from_its_directory(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    import torch
    from open_clip.model import CustomTextCLIP
    from safetensors.torch import save_file

    tower = transformers.XLMRobertaConfig(
        vocab_size=200,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=90,
        pad_token_id=0,
    )
    save_tokenizer(tmp_path)
    tower.save_pretrained(tmp_path)
    model = {
        "embed_dim": 64,
        "vision_cfg": SIGLIP["vision_cfg"],
        "text_cfg": {
            "hf_model_name": str(tmp_path),
            "hf_tokenizer_name": "tests/tower",
            "hf_proj_type": "mlp",
            "hf_pooler_type": "mean_pooler",
            "hf_model_pretrained": False,
        },
    }
    torch.manual_seed(0)
    save_file(CustomTextCLIP(**model).state_dict(), tmp_path / "open_clip_model.safetensors")
    model["text_cfg"]["hf_model_name"] = "tests/tower"
    config = {"model_cfg": model, "preprocess_cfg": CLIP_PREPROCESSING}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))

    encoder = load_encoder(f"openclip:local-dir:{tmp_path}")
    assert encoder.text_window == 77
    assert encoder.count_tokens(["a dog"]) == [3]
    assert encoder.encode_texts(["a dog", "the red cat"]).shape == (2, 64)
    assert encoder.encode_images([Image.new("RGB", (20, 20))]).shape == (1, 64)
