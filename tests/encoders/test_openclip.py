"""The open_clip encoder, on a small model with random weights saved as a local directory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.registry import load_encoder
from retrieval.errors import InvalidQuery, ModelUnavailable

MODEL = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 49408,
        "width": 32,
        "heads": 2,
        "layers": 1,
    },
}
PREPROCESSING = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "interpolation": "bicubic"}

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    path = tmp_path_factory.mktemp("openclip")
    torch.manual_seed(0)
    save_file(CLIP(**MODEL).state_dict(), path / "open_clip_model.safetensors")
    config = {"model_cfg": MODEL, "preprocess_cfg": PREPROCESSING}
    (path / "open_clip_config.json").write_text(json.dumps(config))
    return path


def test_a_local_model_encodes_pictures_and_texts_into_one_space(directory: Path) -> None:
    encoder = load_encoder(f"openclip:local-dir:{directory}")
    pictures = encoder.encode_images([Image.new("RGB", (50, 40), c) for c in ("red", "blue")])
    texts = encoder.encode_texts(["a red thing", "蓝色的东西"])
    assert pictures.shape == texts.shape == (2, encoder.dim) == (2, 32)
    np.testing.assert_allclose(np.linalg.norm(np.vstack([pictures, texts]), axis=1), 1, atol=1e-5)
    assert encoder.encode_images([]).shape == encoder.reference_texts().shape == (0, 32)


def test_the_same_weights_have_the_same_fingerprint_and_others_do_not(directory: Path) -> None:
    name = f"openclip:local-dir:{directory}"
    once, again = load_encoder(name), load_encoder(name)
    assert once.fingerprint == again.fingerprint
    config = json.loads((directory / "open_clip_config.json").read_text())
    config["preprocess_cfg"]["mean"] = [0.4, 0.4, 0.4]
    (directory / "open_clip_config.json").write_text(json.dumps(config))
    assert load_encoder(name).fingerprint != once.fingerprint


def test_text_beyond_the_window_is_refused_not_cut(directory: Path) -> None:
    encoder = load_encoder(f"openclip:local-dir:{directory}")
    assert encoder.count_tokens(["a cat"]) == [4]
    with pytest.raises(InvalidQuery, match="102 tokens does not fit the 16"):
        encoder.encode_texts(["cat " * 100])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nonsense", "There is no encoder 'nonsense'"),
        ("openclip:ViT-B-32", "names no weights"),
        ("openclip:local-dir:/nowhere", "cannot be loaded"),
        ("openclip:No-Such-Model/tag", "cannot be loaded"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(name: str, says: str) -> None:
    with pytest.raises(ModelUnavailable, match=says):
        load_encoder(name)
