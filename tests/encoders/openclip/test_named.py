"""Published models by name: what open_clip's registry says of them reaches the checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.encoders.openclip.checkpoint import find
from retrieval.encoders.openclip.named import every_model
from tests.clips import put_in_cache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return tmp_path / "cache"


def put(cache: Path, repository: str, name: str) -> Path:
    file = cache.parent / name
    file.touch()
    return put_in_cache(cache, repository, file)


def test_the_first_clip_gets_its_activation_and_preprocessing(cache: Path) -> None:
    folder = put(cache, "timm/vit_base_patch32_clip_224.openai", "open_clip_model.safetensors")
    found = find("ViT-B-32/openai")
    assert found.quick_gelu
    assert found.weights == folder / "open_clip_model.safetensors"
    assert found.preprocessing.resize_mode == "shortest"
    assert found.preprocessing.mean[0] == pytest.approx(0.481, abs=1e-3)
    assert found.tokenizer is None


def test_a_siglip_2_gets_its_own(cache: Path) -> None:
    folder = put(cache, "timm/ViT-B-16-SigLIP2-256", "open_clip_model.safetensors")
    put(cache, "timm/ViT-B-16-SigLIP2-256", "tokenizer.json")
    found = find("ViT-B-16-SigLIP2-256/webli")
    assert found.preprocessing.mean == (0.5, 0.5, 0.5)
    assert found.preprocessing.resize_mode == "squash"
    assert found.tokenizer == folder
    assert found.text["tokenizer_kwargs"]["clean"] == "canonicalize"
    assert not found.quick_gelu


def test_a_tag_is_stored_as_open_clip_writes_it(cache: Path) -> None:
    put(cache, "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_pytorch_model.bin")
    found = find("ViT-B-32/laion2B-s34B-b79K")
    assert found.model == "ViT-B-32/laion2b_s34b_b79k"
    assert found.weights.name == "open_clip_pytorch_model.bin"


def test_siglip_s_cleaning_is_part_of_every_siglip() -> None:
    """This field is what lower-cases their words, as was done in their training."""
    import open_clip

    names = {model.name.partition("/")[0] for model in every_model()}
    siglips = [name for name in names if "SigLIP" in name]
    assert len(siglips) > 20
    for name in siglips:
        options = open_clip.get_model_config(name)["text_cfg"]["tokenizer_kwargs"]
        assert options["clean"] == "canonicalize", name
