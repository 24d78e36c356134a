"""Small open_clip models with random weights, and the places that models are found in."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

CLIP: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
CLIP_PREPROCESSING = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "interpolation": "bicubic"}
SIGLIP: dict[str, Any] = {
    "embed_dim": 64,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {
        "image_size": 160,
        "timm_model_name": "test_vit",
        "timm_model_pretrained": False,
        "timm_pool": "map",
        "timm_proj": "none",
    },
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 400,
        "hf_tokenizer_name": "tests/siglip",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 2,
        "layers": 1,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
    },
}
SIGLIP_PREPROCESSING = {
    "mean": [0.5, 0.5, 0.5],
    "std": [0.5, 0.5, 0.5],
    "interpolation": "bicubic",
    "resize_mode": "squash",
}
CORPUS = (
    "a red cat sits on the mat and a dog runs along the beach in the evening sun",
    "the quick brown fox jumps over the lazy dog while two birds sing in a green tree",
)


def save_clip(path: Path, seed: int = 0) -> Path:
    """Save a model that is open_clip's own through and through."""
    from open_clip.model import CLIP as Network

    _save(path, Network, CLIP, CLIP_PREPROCESSING, seed)
    return path


def save_siglip(path: Path) -> Path:
    """Save a model whose pictures, words and tokenizer are prepared as SigLIP's are."""
    from open_clip.model import CustomTextCLIP

    _save(path, CustomTextCLIP, SIGLIP, SIGLIP_PREPROCESSING, seed=0)
    save_tokenizer(path)
    return path


def save_tokenizer(path: Path) -> None:
    """Save a tokenizer that ends a text with ``</s>`` and, like SigLIP's, pads with it too."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    path.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": {"__type": "AddedToken", "content": "</s>"},
        "pad_token": "</s>",
        "unk_token": "<unk>",
    }
    (path / "tokenizer_config.json").write_text(json.dumps(settings))


def change(path: Path, **parts: dict[str, Any]) -> None:
    """Change fields of a directory's configuration; a field that is given None is taken out."""
    file = path / "open_clip_config.json"
    config = json.loads(file.read_text())
    for part, fields in parts.items():
        target = {"text_cfg": config["model_cfg"]["text_cfg"], **config}[part]
        target.update(fields)
        for field in [field for field, value in fields.items() if value is None]:
            del target[field]
    file.write_text(json.dumps(config))


def put_in_cache(cache: Path, repository: str, *files: Path) -> Path:
    """Lay files out as Hugging Face's cache has them, and give their directory."""
    root = cache / f"models--{repository.replace('/', '--')}"
    snapshot = root / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
    snapshot.mkdir(parents=True, exist_ok=True)
    (root / "refs").mkdir(exist_ok=True)
    (root / "refs" / "main").write_text(snapshot.name)
    for file in files:
        shutil.copy(file, snapshot / file.name)
    return snapshot


def _save(path: Path, network: Any, model: dict[str, Any], prepare: object, seed: int) -> None:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    arguments = copy.deepcopy(model)
    arguments.pop("custom_text", None)
    path.mkdir(parents=True, exist_ok=True)
    weights = {key: value.contiguous() for key, value in network(**arguments).state_dict().items()}
    save_file(weights, path / "open_clip_model.safetensors")
    config = {"model_cfg": model, "preprocess_cfg": prepare}
    (path / "open_clip_config.json").write_text(json.dumps(config))
