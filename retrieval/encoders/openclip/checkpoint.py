"""An open_clip model as files on this machine, found by its name.

Weights, architecture, preprocessing and tokenizer travel together: weights with another's
preprocessing or tokenizer give wrong vectors and no error (open_clip issue 1068).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCAL = "local-dir:"


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a picture becomes numbers; None is open_clip's default for its own towers."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str | None = None
    resize_mode: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything a model needs, with nothing left to guess or to fetch."""

    model: str
    """What stands behind ``openclip:``, with an absolute path."""
    base: str
    """What open_clip calls the architecture."""
    architecture: Mapping[str, Any]
    """open_clip's ``model_cfg``."""
    preprocessing: Preprocessing
    weights: Path
    tokenizer: Path | None = None
    """The directory of the tokenizer's files; None for CLIP's own, which open_clip holds."""
    text_config: Path | None = None
    """The directory with the ``config.json`` of a text tower that is not open_clip's own."""
    quick_gelu: bool = False
    """Whether the weights were trained with the activation of the first CLIP."""

    @property
    def text(self) -> Mapping[str, Any]:
        """The text tower's part of the architecture."""
        part: Mapping[str, Any] = self.architecture["text_cfg"]
        return part


def find(model: str) -> Checkpoint:
    """Find ``NAME/TAG``, fetching it if need be, or ``local-dir:PATH``.

    Raise ModelUnavailable where a file is missing or where a directory leaves something open.
    """
    if model.startswith(LOCAL):
        from retrieval.encoders.openclip.directory import read

        return read(Path(model.removeprefix(LOCAL)))
    from retrieval.encoders.openclip.named import read_named

    return read_named(model)
