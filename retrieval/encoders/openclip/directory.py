"""A directory with an open_clip model, as ``local-dir:PATH`` names it.

open_clip fills what ``open_clip_config.json`` leaves out with the habits of the first CLIP, and so
gives wrong vectors for other families without a word. Here a directory that leaves open what its
family needs is refused, with the field to add.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from retrieval.encoders.openclip.checkpoint import LOCAL, Checkpoint, Preprocessing
from retrieval.encoders.openclip.hub import TEXT_CONFIG, TOKENIZER, Need, cached
from retrieval.errors import ModelUnavailable

CONFIG = "open_clip_config.json"
CLIP_VOCABULARY = 49408
PREFERRED = {
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth",
    "model.safetensors",
    "pytorch_model.bin",
    "pytorch_model.pth",
    "model.pth",
}
"""Weights that open_clip chooses before others."""
CHOICES = {
    "interpolation": ("bicubic", "bilinear", "random"),
    "resize_mode": ("shortest", "longest", "squash"),
    "clean": ("canonicalize", "lower", "whitespace"),
}

Config = Mapping[str, Any]


def read(path: Path) -> Checkpoint:
    """Find a model in a directory. Raise ModelUnavailable where the directory leaves room."""
    folder = path.expanduser().resolve()
    config = _config(folder)
    architecture = _part(folder, config, "model_cfg")
    for part in ("vision_cfg", "text_cfg"):
        _part(folder, architecture, part, within="model_cfg.")
    return Checkpoint(
        model=f"{LOCAL}{folder}",
        base=f"{LOCAL}{folder}",
        architecture=architecture,
        preprocessing=_preprocessing(folder, config, architecture),
        weights=_weights(folder),
        tokenizer=_tokenizer(folder, architecture),
        text_config=_text_config(folder, architecture),
    )


def _config(folder: Path) -> Config:
    file = folder / CONFIG
    try:
        config = json.loads(file.read_bytes())
    except OSError as error:
        raise ModelUnavailable(
            f"{file} cannot be read ({error.strerror}). It says how pictures and words are "
            "prepared, and weights without it are of no use: copy the model's whole directory."
        ) from error
    except ValueError as error:
        raise ModelUnavailable(f"{file} is not JSON ({error}): copy it again.") from error
    if not isinstance(config, dict):
        raise _open(folder, "model_cfg", "it is no JSON object")
    return config


def _part(folder: Path, config: Config, key: str, within: str = "") -> Config:
    part = config.get(key)
    if not isinstance(part, dict):
        raise _open(folder, f"{within}{key}", "the architecture is not known without it")
    return part


def _preprocessing(folder: Path, config: Config, architecture: Config) -> Preprocessing:
    given = _part(folder, config, "preprocess_cfg")
    needed = ["mean", "std"]
    if _sigmoid(architecture):
        needed += ["interpolation", "resize_mode"]
    for field in needed:
        if given.get(field) is None:
            raise _open(folder, f"preprocess_cfg.{field}", "models of this family differ in it")
    for field in ("interpolation", "resize_mode"):
        _one_of(folder, "preprocess_cfg.", field, given.get(field))
    return Preprocessing(
        tuple(given["mean"]),
        tuple(given["std"]),
        given.get("interpolation"),
        given.get("resize_mode"),
    )


def _tokenizer(folder: Path, architecture: Config) -> Path | None:
    text = architecture["text_cfg"]
    clean = (text.get("tokenizer_kwargs") or {}).get("clean")
    _one_of(folder, "model_cfg.text_cfg.tokenizer_kwargs.", "clean", clean)
    if not text.get("hf_tokenizer_name"):
        if text.get("vocab_size", CLIP_VOCABULARY) != CLIP_VOCABULARY or "hf_model_name" in text:
            raise _open(
                folder,
                "model_cfg.text_cfg.hf_tokenizer_name",
                "the vocabulary is not CLIP's, so that its tokenizer cannot be guessed",
            )
        return None
    if not any((folder / name).is_file() for name in TOKENIZER):
        raise ModelUnavailable(
            f"{folder} lacks its tokenizer, {' or '.join(TOKENIZER)}. Copy it there: it is in the "
            f"repository {text['hf_tokenizer_name']}."
        )
    if _sigmoid(architecture) and clean is None and "hf_model_name" not in text:
        raise _open(
            folder,
            "model_cfg.text_cfg.tokenizer_kwargs.clean",
            'SigLIP reads lower-case text without punctuation ("canonicalize")',
        )
    return folder


def _text_config(folder: Path, architecture: Config) -> Path | None:
    name = architecture["text_cfg"].get("hf_model_name")
    if not name:
        return None
    file = cached(Need(name, TEXT_CONFIG)) or folder / TEXT_CONFIG[0]
    if not file.is_file():
        raise ModelUnavailable(
            f"{folder} lacks config.json, the architecture of its text tower {name}. On a machine "
            f"with a network: hf download {name} config.json --local-dir ."
        )
    return file.parent


def _weights(folder: Path) -> Path:
    found = sorted(
        file for kind in ("safetensors", "bin", "pth") for file in folder.glob(f"*.{kind}")
    )
    if not found:
        raise ModelUnavailable(f"{folder} has no weights: copy open_clip_model.safetensors there.")
    preferred = [file for file in found if file.name in PREFERRED]
    if len(found) > 1 and not preferred:
        names = ", ".join(file.name for file in found)
        raise ModelUnavailable(
            f"{folder} has several weights ({names}). Name the right ones "
            "open_clip_model.safetensors or open_clip_pytorch_model.bin."
        )
    return preferred[0] if preferred else found[0]


def _sigmoid(architecture: Config) -> bool:
    """Tell whether this is a SigLIP, whose pictures and words are prepared in ways of its own."""
    tower = str(architecture["vision_cfg"].get("timm_model_name", ""))
    return architecture.get("init_logit_bias") is not None or "siglip" in tower


def _one_of(folder: Path, within: str, field: str, value: object) -> None:
    if value is not None and value not in CHOICES[field]:
        raise _open(folder, within + field, f"{value!r} is none of {', '.join(CHOICES[field])}")


def _open(folder: Path, field: str, reason: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"{folder / CONFIG} must say {field}: {reason}. Copy the file that the model was published "
        "with, or add the field."
    )
