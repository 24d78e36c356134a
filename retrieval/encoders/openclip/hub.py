"""Model files in Hugging Face's cache: which are there, and how the others come to be.

What is there is found by looking at files, without a connection. Only ``fetch`` connects, and it
asks for a short answer first, since the hub's own client tries again for half a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import ModelUnavailable

WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
TOKENIZER = ("tokenizer.json", "sentencepiece.bpe.model", "spiece.model", "vocab.txt")
TOKENIZER_SETTINGS = ("tokenizer_config.json", "special_tokens_map.json")
TEXT_CONFIG = ("config.json",)
PATIENCE = 5.0
"""Seconds that the hub has to answer before it counts as out of reach."""


@dataclass(frozen=True, slots=True)
class Need:
    """A file of a repository, under the first of its names that is there."""

    repository: str
    names: tuple[str, ...]
    along: tuple[str, ...] = ()
    """Files that are fetched with it where the repository has them."""


@dataclass(frozen=True, slots=True)
class Repositories:
    """Where a model's parts are published; a part that open_clip itself holds has none."""

    weights: str
    file: str | None = None
    """The weights' file, where it has not the usual name."""
    tokenizer: str | None = None
    text_config: str | None = None
    """The architecture of a text tower that is not open_clip's own."""

    def needs(self) -> tuple[Need, Need | None, Need | None]:
        """Name the files of the weights, of the tokenizer and of the text tower."""
        names = (f"{Path(self.file).stem}.safetensors", self.file) if self.file else WEIGHTS
        return (
            Need(self.weights, names),
            Need(self.tokenizer, TOKENIZER, TOKENIZER_SETTINGS) if self.tokenizer else None,
            Need(self.text_config, TEXT_CONFIG) if self.text_config else None,
        )

    def here(self) -> bool:
        """Tell whether every file is on this machine, without a connection."""
        return all(need is None or cached(need) for need in self.needs())


def cached(need: Need) -> Path | None:
    """Find a file in the cache."""
    from huggingface_hub import try_to_load_from_cache

    for name in need.names:
        found = try_to_load_from_cache(need.repository, name)
        if isinstance(found, str):
            return Path(found)
    return None


def obtain(model: str, repositories: Repositories) -> tuple[Path, Path | None, Path | None]:
    """Find a model's files, fetching what is missing; see ``Repositories.needs`` for the order.

    Raise ModelUnavailable, with the commands to bring the files here by hand.
    """
    needs = repositories.needs()
    missing = [need for need in needs if need and cached(need) is None]
    if missing:
        _fetch(model, repositories, missing)
    weights, tokenizer, text_config = (cached(need) if need else None for need in needs)
    if weights is None:
        raise ModelUnavailable(_elsewhere(model, repositories, "it vanished from the cache"))
    return weights, tokenizer, text_config


def _fetch(model: str, repositories: Repositories, missing: list[Need]) -> None:
    from huggingface_hub import constants, hf_hub_download

    if constants.HF_HUB_OFFLINE:
        raise ModelUnavailable(_elsewhere(model, repositories, "HF_HUB_OFFLINE is set"))
    try:
        for need in missing:
            for name in _published(need):
                hf_hub_download(need.repository, name)
    # The hub's client lets through the errors of whichever HTTP library it is built on.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelUnavailable(_elsewhere(model, repositories, reason)) from error


def _published(need: Need) -> Iterator[str]:
    """Name the repository's files to fetch; the one that counts as the model's comes last."""
    from huggingface_hub import HfApi

    siblings = HfApi().model_info(need.repository, timeout=PATIENCE).siblings or ()
    names = {sibling.rfilename for sibling in siblings}
    chosen = next((name for name in need.names if name in names), None)
    if chosen is None:
        raise FileNotFoundError(f"{need.repository} has none of {', '.join(need.names)}")
    yield from (name for name in need.along if name in names)
    yield chosen


def _elsewhere(model: str, repositories: Repositories, reason: str) -> str:
    from huggingface_hub import constants

    # Patterns are one to a command: that is the form which every release of `hf` understands.
    commands = [f"    hf download {repositories.weights} --cache-dir models"]
    for other in sorted({repositories.tokenizer, repositories.text_config} - {None}, key=str):
        if other != repositories.weights:
            commands.append(f'    hf download {other} --include "*.json" --cache-dir models')
    return "\n".join(
        (
            f"{model} is not on this machine, and could not be fetched ({reason}). "
            "On a machine with a network:",
            "    pip install huggingface_hub",
            *commands,
            f"Then copy what is in models/ to {constants.HF_HUB_CACHE} on this one.",
        )
    )
