"""open_clip's published models by name: what they are made of, and a list of them all."""

from __future__ import annotations

import difflib
import os
from typing import Any

import open_clip
from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model
from open_clip.tokenizer import DEFAULT_CONTEXT_LENGTH

from retrieval.encoders.openclip.checkpoint import Checkpoint, Preprocessing
from retrieval.encoders.openclip.hub import Repositories, obtain
from retrieval.encoders.openclip.published import PublishedModel
from retrieval.errors import ModelUnavailable

DEFAULT_IMAGE_SIZE = 224


def read_named(model: str) -> Checkpoint:
    """Find ``NAME/TAG``, fetching it if need be, or raise ModelUnavailable."""
    name, tag = _names(model)
    preset = get_pretrained_cfg(name, tag)
    architecture = open_clip.get_model_config(name)
    weights, tokenizer, text = obtain(f"openclip:{model}", _repositories(architecture, preset))
    return Checkpoint(
        model=f"{name}/{tag}",
        base=name,
        architecture=architecture,
        preprocessing=Preprocessing(
            preset["mean"], preset["std"], preset["interpolation"], preset["resize_mode"]
        ),
        weights=weights,
        tokenizer=tokenizer.parent if tokenizer else None,
        text_config=text.parent if text else None,
        quick_gelu=preset.get("quick_gelu", False),
    )


def every_model() -> tuple[PublishedModel, ...]:
    """List all that open_clip can load by name, in its order."""
    return tuple(_describe(name, tag) for name, tag in open_clip.list_pretrained())


def _describe(name: str, tag: str) -> PublishedModel:
    architecture = open_clip.get_model_config(name)
    return PublishedModel(
        name=f"{name}/{tag}",
        dim=architecture["embed_dim"],
        image_size=architecture["vision_cfg"].get("image_size", DEFAULT_IMAGE_SIZE),
        context=architecture["text_cfg"].get("context_length", DEFAULT_CONTEXT_LENGTH),
        repositories=_repositories(architecture, get_pretrained_cfg(name, tag)),
    )


def _repositories(architecture: dict[str, Any], preset: dict[str, Any]) -> Repositories:
    repository, file = os.path.split(preset["hf_hub"])
    text = architecture["text_cfg"]
    return Repositories(
        weights=repository,
        file=file or None,
        tokenizer=text.get("hf_tokenizer_name"),
        text_config=text.get("hf_model_name"),
    )


def _names(model: str) -> tuple[str, str]:
    """Take a name apart, or raise ModelUnavailable with the names that come near."""
    name, _, tag = model.partition("/")
    tag = tag.lower().replace("-", "_")
    tags = list_pretrained_tags_by_model(name)
    if tag in tags:
        return name, tag
    if tags:
        fault = f"names no weights of {name}" if tag else "names no weights"
        near = [f"{name}/{each}" for each in tags]
    else:
        fault = "is no model of open_clip"
        near = difflib.get_close_matches(
            model, [f"{n}/{t}" for n, t in open_clip.list_pretrained()]
        )
    hint = f"Try {', '.join(near)}; " if near else ""
    raise ModelUnavailable(
        f"openclip:{model} {fault}. {hint}`triptych models --all` lists what there is."
    )
